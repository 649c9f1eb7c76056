"""Keyboards: VK refuses what it does not know (error 911). Source: dev.vk.com, keyboards."""

from __future__ import annotations

import json
from typing import Any

from sandbox.vk.config import Config
from sandbox.vk.errors import VkError
from sandbox.vk.state import Json

COLOURS = frozenset({"primary", "secondary", "negative", "positive"})
FIELDS = {
    "callback": {"type", "label", "payload"},
    "text": {"type", "label", "payload"},
    "open_link": {"type", "label", "link", "payload"},
}


def checked(keyboard: Any, config: Config) -> Json:
    """The keyboard, or VkError 911 with what is wrong."""
    problem = _problem(keyboard, config)
    if problem:
        raise VkError(911, problem)
    return dict(keyboard)


def _problem(keyboard: Any, config: Config) -> str:
    if not isinstance(keyboard, dict) or keyboard.keys() - {"inline", "buttons", "one_time"}:
        return "unknown field"
    rows = keyboard.get("buttons")
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        return "buttons are rows of buttons"
    if keyboard.get("inline") and keyboard.get("one_time"):
        return "inline keyboards are not one_time"
    most = config.keyboard_rows if keyboard.get("inline") else 10
    if len(rows) > most or any(len(row) > config.keyboard_row for row in rows):
        return "too many rows or buttons in a row"
    buttons = [button for row in rows for button in row]
    if keyboard.get("inline") and len(buttons) > config.keyboard_buttons:
        return "too many buttons"
    return next(filter(None, (_button(one, config) for one in buttons)), "")


def _button(button: Any, config: Config) -> str:
    action = button.get("action") if isinstance(button, dict) else None
    if not isinstance(action, dict) or button.keys() - {"action", "color"}:
        return "a button is {action, color}"
    kind = action.get("type")
    if kind not in FIELDS or action.keys() - FIELDS[kind]:
        return f"unknown action {kind} or field of it"
    label = action.get("label")
    if not isinstance(label, str) or not label or len(label) > config.label_limit:
        return "label is empty or too long"
    if kind == "open_link":
        return "" if "color" not in button and action.get("link") else "open_link: link, no color"
    if button.get("color", "secondary") not in COLOURS:
        return "unknown color"
    return _payload(action.get("payload", "{}"))


def _payload(payload: Any) -> str:
    try:
        json.loads(payload)
    except (TypeError, ValueError):
        return "payload is no JSON"
    return "payload is too long" if len(payload) > 255 else ""
