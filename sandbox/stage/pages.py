"""The stage's pages and files: the page itself, the sample shop, scripts, what people sent."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from aiohttp import web

from sandbox.botapi.images import image_size
from sandbox.botapi.state import File
from sandbox.botapi.world import World
from sandbox.stage.config import StageConfig
from sandbox.stage.texts import chosen, shipped
from sandbox.stage.windowjson import SEPARATOR
from sandbox.stage.windows import Shown

WEB = Path(__file__).with_name("web")
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".ogg": "audio/ogg",
    ".svg": "image/svg+xml",
}
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# In browsers without constructed sheets the widget brings a style element of its own.
_SHOP_POLICY = _PAGE_POLICY + "; style-src 'self' 'unsafe-inline'"
_FILE_POLICY = "default-src 'none'; sandbox"
_SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/")
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


async def stage_page(_: web.Request) -> web.StreamResponse:
    return _html((WEB / "index.html").read_text("utf-8"), _PAGE_POLICY)


async def shop_page(request: web.Request, config: StageConfig) -> web.StreamResponse:
    """The sample shop with the widget of the demo's channel; `?lang=` chooses the language."""
    language = chosen(request.query.get("lang"), config)
    words = {key: escape(text) for key, text in shipped(language, "shop").items()}
    theme = "dark" if request.query.get("theme") == "dark" else "light"
    template = Template((WEB / "shop.html").read_text("utf-8"))
    html = template.substitute(
        words,
        lang=language,
        theme=theme,
        channel=str(config.widget_channel),
        form=_form(config, words, language),
    )
    return _html(html, _SHOP_POLICY)


def _form(config: StageConfig, words: dict[str, str], language: str) -> str:
    """The section with the shop's form; nothing when the demo has none."""
    if not config.form:
        return ""
    tag = f'<script src="{escape(config.form)}" data-language="{language}"></script>'
    text = f"<b>{words['form']}</b><span>{words['form_more']}</span>"
    return f'<section id="call" class="shop-form"><div>{text}</div>{tag}</section>'


async def asset(request: web.Request) -> web.StreamResponse:
    """A vendored file of the stage."""
    path = (WEB / request.match_info["path"]).resolve()
    kind = _TYPES.get(path.suffix)
    if kind is None or not path.is_relative_to(WEB) or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), headers=_COMMON | {"Content-Type": kind})


async def person_file(
    request: web.Request, world: World, config: StageConfig
) -> web.StreamResponse:
    """What somebody sent; anything but pictures and sound is only offered for saving."""
    try:
        file = _shown(request.match_info["id"], world, config)
    except LookupError:
        raise web.HTTPNotFound from None
    kind = file.mime
    headers = _COMMON | {"Content-Type": kind, "Content-Security-Policy": _FILE_POLICY}
    if not kind.startswith(_SHOWN_INLINE):
        headers["Content-Disposition"] = (
            f"attachment; filename*=UTF-8''{quote(file.name or 'file')}"
        )
    return _part(request, file.data, headers)


def _shown(file_id: str, world: World, config: StageConfig) -> Shown:
    window_id, separator, inner = file_id.partition(SEPARATOR)
    if separator:
        windows = {each.info.id: each for each in config.windows}
        return windows[window_id].file(inner)
    file = world.files.get(file_id)
    return Shown(data=file.data, mime=_kind(file), name=file.name or "")


def _part(request: web.Request, data: bytes, headers: dict[str, str]) -> web.Response:
    """The whole, or the range asked for: players need ranges to know a length and to seek."""
    headers = headers | {"Accept-Ranges": "bytes"}
    try:
        wanted = request.http_range
    except ValueError:
        raise web.HTTPRequestRangeNotSatisfiable from None
    if wanted.start is None and wanted.stop is None:
        return web.Response(body=data, headers=headers)
    start, stop, _ = wanted.indices(len(data))
    if start >= stop:
        raise web.HTTPRequestRangeNotSatisfiable
    headers |= {"Content-Range": f"bytes {start}-{stop - 1}/{len(data)}"}
    return web.Response(status=206, body=data[start:stop], headers=headers)


def _kind(file: File) -> str:
    if file.mime and file.mime.startswith(_SHOWN_INLINE):
        return file.mime
    if file.kind in ("photo", "sticker") and image_size(file.data):
        return _picture(file.data)
    by_kind = {"voice": "audio/ogg", "audio": "audio/mpeg"}
    by_kind |= dict.fromkeys(("video", "video_note", "animation"), "video/mp4")
    return by_kind.get(file.kind, "application/octet-stream")


def _picture(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    if data.startswith(b"GIF8"):
        return "image/gif"
    return "image/jpeg" if data.startswith(b"\xff\xd8") else "image/webp"


def _html(text: str, policy: str) -> web.Response:
    headers = _COMMON | {"Content-Security-Policy": policy}
    return web.Response(text=text, content_type="text/html", headers=headers)
