"""getFile and getUserProfilePhotos."""

from __future__ import annotations

from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.media import photo_sizes
from sandbox.botapi.render import with_file_ids
from sandbox.botapi.state import Json


@method("getFile")
def get_file(context: Context) -> Json:
    return context.world.files.describe(context.bot.id, context.params["file_id"])


@method("getUserProfilePhotos")
def get_user_profile_photos(context: Context) -> Json:
    user = context.world.users.get(context.params["user_id"])
    if user is None:
        raise bad_request("user not found")
    offset, limit = context.get("offset", 0), context.get("limit", 100)
    shown = user.photos[offset : offset + min(max(limit, 1), 100)]
    sizes = [photo_sizes(context.world.files, file) for file in shown]
    return {
        "total_count": len(user.photos),
        "photos": with_file_ids(context.world, sizes, context.bot.id),
    }
