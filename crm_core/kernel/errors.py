"""Refusals people can act on.

CrmError
├── Invalid      the input is wrong; says which and why
├── Missing      something is lacking: the screen asks for exactly these fields
├── Forbidden    the actor has no right to it
├── NotFound     there is no such thing (or not for this actor)
├── Conflict     somebody was faster, or the state has moved on
└── Refused      process-level: a setting, a file, a port; printed by the CLI
"""

from __future__ import annotations

from typing import Any


class CrmError(Exception):
    """Something was refused. `message` is an English msgid, `params` fill its placeholders."""

    code = "error"
    status = 400

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


class Invalid(CrmError):
    """The input can't be taken."""

    code = "invalid"
    status = 422


class Missing(CrmError):
    """Fields are lacking; `fields` names them in the order they should be asked."""

    code = "missing"
    status = 422

    def __init__(self, message: str, *, fields: tuple[str, ...], **params: Any) -> None:
        super().__init__(message, **params)
        self.fields = fields


class Forbidden(CrmError):
    """No right to do this."""

    code = "forbidden"
    status = 403


class NotFound(CrmError):
    """There is no such thing."""

    code = "not_found"
    status = 404


class Conflict(CrmError):
    """The state has moved on meanwhile."""

    code = "conflict"
    status = 409


class Refused(CrmError):
    """Pult can't start or go on like this."""

    code = "refused"
