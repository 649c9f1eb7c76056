"""A client's phone with SMS as a window of the stage."""

from __future__ import annotations

from sandbox.sms.handset import Handset
from sandbox.stage.config import Json
from sandbox.stage.windows import Line, Screen, Shown, Watchers, WindowAct, WindowInfo


class SmsWindow(Watchers):
    """Keeps `sandbox.stage.windows.Window`."""

    def __init__(self, handset: Handset, info: WindowInfo) -> None:
        super().__init__()
        self.info = info
        self._handset = handset
        handset.world.feed.listen(self._changed)

    def _changed(self, change: Json) -> None:
        if change.get("number") == self._handset.number:
            self.tell()

    def screen(self) -> Screen:
        lines = (
            Line(id=sms.id, mine=sms.mine, at=sms.at, text=sms.text, author=sms.sender)
            for sms in self._handset.sms
        )
        return Screen(lines=tuple(lines))

    def file(self, file_id: str) -> Shown:
        raise LookupError(file_id)

    async def act(self, act: WindowAct) -> Json:
        if act.name == "text":
            await self._handset.write(act.text())
        return {}
