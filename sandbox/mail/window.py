"""A client's mail program as a window of the stage."""

from __future__ import annotations

from sandbox.mail.post import Attached, Letter, Letterbox
from sandbox.stage.config import Json
from sandbox.stage.errors import StageError
from sandbox.stage.windows import (
    Line,
    Media,
    Screen,
    Shown,
    Watchers,
    WindowAct,
    WindowInfo,
)

CAN = frozenset({"text", "files", "photos", "subject", "reply"})
INLINE = {"image/png": "photo", "image/jpeg": "photo", "image/gif": "photo", "image/webp": "photo"}


class MailWindow(Watchers):
    """Keeps `sandbox.stage.windows.Window`. `closed`: the line that says why no mail goes."""

    def __init__(self, box: Letterbox, info: WindowInfo, *, closed: str = "") -> None:
        super().__init__()
        self.info = info
        self._box, self.closed = box, closed
        box.feed.listen(lambda _change: self.tell())

    def screen(self) -> Screen:
        if self.closed:
            return Screen(lines=(Line(id=1, mine=False, at=0, text=self.closed),))
        return Screen(lines=tuple(_line(letter) for letter in self._box.letters))

    def file(self, file_id: str) -> Shown:
        number, _colon, place = file_id.partition(".")
        for letter in self._box.letters:
            if str(letter.id) == number and int(place) < len(letter.files):
                found = letter.files[int(place)]
                return Shown(data=found.data, mime=found.mime, name=found.name)
        raise LookupError(file_id)

    async def act(self, act: WindowAct) -> Json:
        if self.closed:
            raise StageError("closed", 409)
        files = [Attached(name=one.name, mime=one.mime, data=one.data) for one in act.uploads]
        text = act.text("caption" if files else "text", 20_000)
        reply = act.number("reply_to") or 0
        self._box.write(text, subject=act.text("subject", 250), files=files, reply_to=reply)
        return {}


def _line(letter: Letter) -> Line:
    media = tuple(
        Media(
            id=f"{letter.id}.{place}",
            kind=INLINE.get(file.mime, "document"),
            name=file.name,
            size=len(file.data),
        )
        for place, file in enumerate(letter.files)
    )
    return Line(
        id=letter.id,
        mine=letter.mine,
        at=letter.at,
        text=letter.text,
        subject=letter.subject,
        author=letter.author,
        media=media,
    )
