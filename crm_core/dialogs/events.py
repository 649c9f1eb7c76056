"""Facts about dialogs and their messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from crm_core.kernel.journal import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogOpened(Event):
    """A client began (or began again) to write in a chat."""

    channel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogOffered(Event):
    """The dialog was put before these people; `reason` says why them."""

    employee_ids: list[int]
    reason: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn(Event):
    """The offer to this person ended without acceptance: `lapsed`, `declined`, `off_shift`."""

    employee_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogAccepted(Event):
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogReturned(Event):
    """The dialog went back to its queue: `off_shift` of the one who had it, or `transfer`."""

    employee_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogTransferred(Event):
    from_id: int | None
    to_employee_id: int | None = None
    to_queue_id: int | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogSnoozed(Event):
    employee_id: int
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogWoken(Event):
    """The snooze ended: `time` came, or the `client` wrote."""

    employee_id: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogClosed(Event):
    employee_id: int | None
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageExtended(Event):
    """Another picture or file of an album joined its message."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFailed(Event):
    """The client still sees what was sent first: the provider did not take the change."""

    message_id: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    """`before` is the text as it was; `direction` tells whose message it is."""

    message_id: int
    direction: str
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyQueued(Event):
    message_id: int
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyMirrored(Event):
    """Somebody of ours answered past Pult, in the provider's own page: `author` as it is named
    there, empty when it is not."""

    message_id: int
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    message_id: int
    employee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageStatusChanged(Event):
    """An outgoing message reached `status`; `error` says why not."""

    message_id: int
    status: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPressed(Event):
    """The client pressed a button we sent."""

    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachChanged(Event):
    """The client can, or can no longer, be written to in this channel."""

    channel_id: int
    reachable: bool
