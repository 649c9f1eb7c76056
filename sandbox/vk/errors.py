"""Errors a VK API server answers with: always HTTP 200. Numbers and words of errors.json."""

from __future__ import annotations

from typing import Any

WORDS = {
    1: "Unknown error occurred",
    3: "Unknown method passed",
    5: "User authorization failed: invalid access_token (4).",
    6: "Too many requests per second",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    14: "Captcha needed",
    15: "Access denied",
    18: "User was deleted or banned",
    27: "Group authorization failed: group access_token is invalid.",
    29: "Rate limit reached",
    100: "One of the parameters specified was missing or invalid",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    911: "Keyboard format is invalid",
    914: "Message is too long",
    950: "Can't send message, reply timed out",
}


class VkError(Exception):
    """An answer with `error`."""

    def __init__(self, code: int, words: str = "") -> None:
        super().__init__(f"{WORDS.get(code, 'Error')}: {words}" if words else WORDS.get(code, ""))
        self.code = code

    def body(self, params: dict[str, str]) -> dict[str, Any]:
        shown = [
            {"key": key, "value": value} for key, value in params.items() if key != "access_token"
        ]
        error = {"error_code": self.code, "error_msg": str(self), "request_params": shown}
        if self.code == 14:
            error |= {"captcha_sid": "1", "captcha_img": "http://127.0.0.1/captcha.png"}
        return {"error": error}


def invalid(words: str) -> VkError:
    return VkError(100, words)
