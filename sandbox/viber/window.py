"""A client's Viber as a window of the stage."""

from __future__ import annotations

from sandbox.botapi.images import image_size
from sandbox.stage.config import Json
from sandbox.stage.errors import StageError
from sandbox.stage.windows import Screen, Shown, Watchers, WindowAct, WindowInfo
from sandbox.viber.lines import screen_of
from sandbox.viber.phone import Phone

CAN = frozenset({"text", "photos", "files", "location", "contact", "read", "block"})


class ViberWindow(Watchers):
    """Keeps `sandbox.stage.windows.Window`. `number` is the owner's phone number."""

    def __init__(self, phone: Phone, info: WindowInfo, *, number: str = "") -> None:
        super().__init__()
        self.info = info
        self._phone, self._number = phone, number
        phone.world.feed.listen(self._changed)

    def _changed(self, change: Json) -> None:
        if change.get("chat") == self._phone.user.id:
            self.tell()

    def screen(self) -> Screen:
        return screen_of(self._phone.chat)

    def file(self, file_id: str) -> Shown:
        file = self._phone.world.files[file_id]
        return Shown(data=file.data, mime=file.mime, name=file.name)

    async def act(self, act: WindowAct) -> Json:
        if act.name == "start":
            await self._phone.open()
        elif act.name in {"photos", "files"}:
            self._files(act)
        else:
            self._simple(act)
        return {}

    def _simple(self, act: WindowAct) -> None:
        phone = self._phone
        match act.name:
            case "text":
                phone.text(act.text())
            case "location":
                phone.location(*act.place())
            case "contact":
                phone.contact(phone.user.name, self._number)
            case "read":
                phone.look()
            case "block":
                phone.unsubscribe()
            case "unblock":
                phone.subscribe()
            case "press":
                self._press(str(act.body.get("button") or ""))

    def _press(self, data: str) -> None:
        try:
            self._phone.press(data)
        except LookupError:
            raise StageError("gone", 409) from None

    def _files(self, act: WindowAct) -> None:
        for number, upload in enumerate(act.uploads):
            caption = act.text("caption", 120) if number == 0 else ""
            if act.name == "photos" and image_size(upload.data):
                name = upload.name if upload.name.endswith(("png", "jpg")) else "photo.png"
                self._phone.picture(upload.data, name, caption)
                continue
            self._phone.file(upload.data, upload.name, upload.mime)
            if caption:
                self._phone.text(caption)
