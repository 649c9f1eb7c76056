"""The widget's script: its sources joined into one, squeezed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import orjson

from channels.webchat import mangle, minify

STATIC = Path(__file__).with_name("static")
SCRIPTS = (
    "texts.js",
    "dom.js",
    "rich.js",
    "api.js",
    "store.js",
    "log.js",
    "composer.js",
    "frame.js",
    "main.js",
)


@cache
def widget_js() -> bytes:
    """What `GET /widget.js` answers: at most 40 KB, UTF-8."""
    css = orjson.dumps(minify.style((STATIC / "widget.css").read_text())).decode()
    source = "\n".join((STATIC / name).read_text() for name in SCRIPTS)
    body = mangle.shorten(minify.script(source))
    return f'(()=>{{"use strict";const CSS={css};{body}}})();\n'.encode()


@cache
def widget_etag() -> str:
    """A strong entity tag, with its quotes."""
    return f'"{hashlib.sha256(widget_js()).hexdigest()[:20]}"'
