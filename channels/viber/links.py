"""Addresses of our files for Viber's servers: short-lived, with a fitting ending."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from channels.viber.render import PICTURES, Link
from crm_core.dialogs.messages import OutFile
from crm_core.files.links import content_token
from crm_core.kernel.i18n import N_
from routing.contracts import ChannelBroken

LIFE = timedelta(hours=2)
NO_ADDRESS = N_("Viber fetches files from us: set PULT_PUBLIC_URL to an https address.")


def linker(hook_url: str | None) -> Link:
    """The way files of this account are named; ChannelBroken when nobody can reach us."""

    def link(file: OutFile) -> str:
        if not hook_url:
            raise ChannelBroken(NO_ADDRESS)
        base = hook_url.partition("/hooks/")[0]
        name = public_name(file)
        # The lane has put the place in the store into `path`; its last part is the SHA-256.
        token = content_token(Path(file.path).name, name, life=LIFE)
        return f"{base}/files/c/{token}/{quote(name, safe='')}"

    return link


def public_name(file: OutFile) -> str:
    """The file's name with an ending Viber knows the picture by."""
    plain = PurePosixPath(file.name.replace("\\", "/")).name[-120:] or "file"
    ending = PICTURES.get(file.mime)
    known = {".jpg", ".jpeg"} if ending == ".jpg" else {ending}
    if ending and PurePosixPath(plain).suffix.lower() not in known:
        return plain + ending
    return plain
