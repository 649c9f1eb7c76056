"""What a visitor's browser is told when something is refused."""

from __future__ import annotations

import math
from typing import Any

from aiohttp import web

from crm_core.kernel import i18n
from crm_core.kernel.i18n import N_


class Complaint(Exception):
    """A refusal: HTTP status, a code the widget knows, a line for people (English msgid)."""

    def __init__(
        self, status: int, code: str, line: str, *, wait: float = 0.0, **params: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.line = line
        self.wait = math.ceil(wait)
        self.params = params

    def answer(self, language: str) -> web.Response:
        """As JSON in a language; waiting time in `Retry-After` too."""
        with i18n.using(language):
            line = i18n.gettext(self.line) % self.params if self.params else i18n.gettext(self.line)
        body: dict[str, Any] = {"error": self.code, "message": line}
        headers = {"Retry-After": str(self.wait)} if self.wait else {}
        if self.wait:
            body["retry_after"] = self.wait
        return web.json_response(body, status=self.status, headers=headers)


def flooded(wait: float) -> Complaint:
    line = N_("That was quick. Please wait %(seconds)s s, then it goes on.")
    return Complaint(429, "flood", line, wait=wait, seconds=max(1, math.ceil(wait)))


def foreign() -> Complaint:
    return Complaint(403, "origin", N_("This site is not allowed to show this chat."))


def stranger() -> Complaint:
    return Complaint(401, "token", N_("The chat session is not known: reload the page."))


def nowhere() -> Complaint:
    return Complaint(404, "not_found", N_("There is nothing here."))


def malformed(field: str = "") -> Complaint:
    line = N_("Something is not filled in correctly: %(field)s.")
    return Complaint(422, "invalid", line, field=field or "?")


def too_long(limit: int) -> Complaint:
    line = N_("The message is too long: at most %(limit)s characters.")
    return Complaint(422, "too_long", line, limit=limit)


def empty() -> Complaint:
    return Complaint(422, "empty", N_("The message is empty: write something."))


def too_big(megabytes: int) -> Complaint:
    line = N_("The file is too large: at most %(megabytes)s MB.")
    return Complaint(413, "too_big", line, megabytes=megabytes)


def bad_type(name: str) -> Complaint:
    line = N_("Files of this type are not accepted: %(name)s.")
    return Complaint(415, "file_type", line, name=name)


def too_many_files(limit: int) -> Complaint:
    return Complaint(422, "too_many", N_("At most %(limit)s files at once."), limit=limit)


def gone() -> Complaint:
    return Complaint(410, "expired", N_("This link has expired: reload the page."))


def busy() -> Complaint:
    line = N_("Too many windows are connected. It will be tried again by itself.")
    return Complaint(429, "streams", line, wait=20)
