"""Buttons under an answer as commands take them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator


class ButtonIn(BaseModel):
    """A button under an answer: it opens `url`, or comes back as a press with `data`.

    Limits are the narrowest of the channels' (VK: 40 characters; Telegram: 64 bytes of data).
    """

    text: str = Field(min_length=1, max_length=40)
    data: str = Field(default="", max_length=64)
    url: str | None = Field(default=None, max_length=2048, pattern=r"^https?://\S+$")

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if len(self.data.encode()) > 64:
            message = "data of a button: at most 64 bytes"
            raise ValueError(message)
        if not self.data and self.url is None:
            message = "a button needs data or a url"
            raise ValueError(message)
        return self


ButtonRow = Annotated[list[ButtonIn], Field(min_length=1, max_length=3)]
