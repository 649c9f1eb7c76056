"""How the pretended VK behaves; the numbers are VK's own where they are known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Times in seconds."""

    version: str = "5.199"
    text_limit: int = 4096
    keyboard_rows: int = 6
    keyboard_row: int = 5
    keyboard_buttons: int = 10
    label_limit: int = 40
    attachments: int = 10
    event_data_limit: int = 1000
    callback_timeout: float = 10.0
    callback_pauses: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
    longpoll_history: int = 1000
    preview_items: int = 2
    rate: int = 0  # calls a second of a token; VK allows 20, 0 switches the check off
