"""Hands an act of the page over to the window it belongs to."""

from __future__ import annotations

from sandbox.stage.config import Json
from sandbox.stage.errors import StageError
from sandbox.stage.media import voice_sample
from sandbox.stage.request import Upload
from sandbox.stage.windows import Window, WindowAct

_MAX_FILES = 10
# Acts no window has to announce: they answer what the screen itself offers.
_ALWAYS = frozenset({"press", "start", "unblock"})


async def act_in_window(window: Window, body: Json, uploads: list[Upload]) -> Json:
    """Do what the page asks; StageError when the window does not offer it."""
    name = str(body.get("act"))
    if name not in window.info.can | _ALWAYS:
        raise StageError("bad_request")
    if name == "voice":
        uploads = [Upload("voice.ogg", "audio/ogg", voice_sample())]
    if len(uploads) > _MAX_FILES:
        raise StageError("too_many")
    act = WindowAct(name=name, body=body, uploads=tuple(uploads))
    needs_words = name == "text" and not act.text()
    needs_files = name in {"photos", "files"} and not uploads
    if needs_words or needs_files:
        raise StageError("empty")
    return await window.act(act)
