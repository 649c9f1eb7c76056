"""Kept mails into events. Pure: what it needs of the database was put into the body before."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.email import forms, mime, placing, threading
from crm_core.dialogs.messages import (
    Entity,
    FileRef,
    InboundEvent,
    InboundFailure,
    InboundMessage,
    InboundOwn,
    InboundReceipt,
    Kind,
    Sender,
)
from crm_core.kernel.text import utf16_len

LONGEST_WHOLE = 100_000
MOST_PEOPLE = 30
MOST_REFERENCES = 15
PICTURES = frozenset({"image/jpeg", "image/png"})
# A date of its own is believed when the mail was this long under way at most.
LONGEST_WAY = timedelta(days=30)
STATUS = {"delivered": "delivered", "read": "read"}


def parse(body: dict[str, Any]) -> Sequence[InboundEvent]:
    """What a kept mail means; empty for what concerns nobody. ValueError names what is wrong."""
    if "skipped" in body:
        return []
    try:
        return _events(_digested(body))
    except (KeyError, TypeError, AttributeError) as error:
        message = f"the body is not that of a kept mail: {error!r}"
        raise ValueError(message) from error


def _events(body: dict[str, Any]) -> Sequence[InboundEvent]:
    kind, at = body["place"]["kind"], _at(body)
    if kind == "report":
        return _report(body["digest"]["bounce"], body["place"], at)
    maker = MAKERS.get(kind)
    return [maker(body, at)] if maker else []


def _digested(body: dict[str, Any]) -> dict[str, Any]:
    """With digest and place, also where they could not be made when the mail came."""
    if not body.get("digest"):
        own = frozenset(body.get("own") or ())
        body = body | {"digest": mime.digest(base64.b64decode(body["eml"]), own)}
    if not body.get("place"):
        body = body | {"place": placing.default(body)}
    return body


def _at(body: dict[str, Any]) -> datetime:
    """When it was written; clocks of senders are believed within reason."""
    received = _moment(body.get("received"))
    written = _moment(body["digest"]["date"])
    if received is None:
        return written or datetime(1970, 1, 1, tzinfo=UTC)
    if written is None or not received - LONGEST_WAY <= written <= received:
        return received
    return written


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _message(body: dict[str, Any], at: datetime) -> InboundMessage:
    told, place = body["digest"], body["place"]
    author = told["from"]
    if not author["address"]:
        message = "the mail names no sender"
        raise ValueError(message)
    text, entities = _text(told, place)
    return InboundMessage(
        external_id=place["id"],
        chat=place["chat"],
        sender=_forged(author) if place.get("forged") else _sender(author),
        at=at,
        text=text,
        entities=entities,
        context={"forged": author["address"]} if place.get("forged") else {},
        kind=_kind(body),
        files=_files(body),
        reply_to=place["answers"],
        extra={"mail": _facts(body)},
    )


def _sender(person: dict[str, str]) -> Sender:
    address = person["address"]
    return Sender(external_id=address, name=person["name"], email=address)


def _forged(person: dict[str, str]) -> Sender:
    """Somebody of their own, whom nothing joins with the owner of the address."""
    address = person["address"]
    return Sender(external_id=f"forged:{address}"[:128], name=f"⚠️ {person['name'] or address}")


def _text(told: dict[str, Any], place: dict[str, Any]) -> tuple[str, tuple[Entity, ...]]:
    """The words under their subject; an answer in a thread needs none."""
    subject, text = told["subject"].strip(), told["text"].strip()
    if not subject or (place["known"] and threading.is_answer(subject) and text):
        return text, ()
    bold = Entity(type="bold", offset=0, length=utf16_len(subject))
    return f"{subject}\n\n{text}".strip(), (bold,)


def _kind(body: dict[str, Any]) -> Kind:
    files = _files(body)
    return files[0].kind if files else Kind.TEXT


def _files(body: dict[str, Any]) -> tuple[FileRef, ...]:
    found = body["digest"]["attachments"]
    return tuple(_file(body["raw"], one) for one in found if one["shown"])


def _file(raw: str, one: dict[str, Any]) -> FileRef:
    picture = one["mime"] in PICTURES and one["inline"]
    return FileRef(
        kind=Kind.PHOTO if picture else Kind.DOCUMENT,
        ref=f"{raw}:{one['part']}",
        name=one["name"],
        mime=one["mime"],
        size=one["size"],
        unavailable=None if one["size"] else "empty",
    )


def _facts(body: dict[str, Any]) -> dict[str, Any]:
    """What is kept with the message: for reading whole, answering and finding the thread."""
    told, place = body["digest"], body["place"]
    ours = {*(body.get("own") or ()), told["from"]["address"]}
    others = [one for one in (*told["to"], *told["cc"]) if one["address"] not in ours]
    found = {
        "others": others[:MOST_PEOPLE],
        "subject": told["subject"],
        "key": threading.subject_key(told["subject"]),
        "from": told["from"],
        "reply_to": told["reply_to"],
        "to": told["to"][:MOST_PEOPLE],
        "cc": told["cc"][:MOST_PEOPLE],
        "references": told["references"][-MOST_REFERENCES:],
        "whole": told["whole"][:LONGEST_WHOLE],
        "auto": told["auto"],
        "hash": told["hash"],
        "raw": body.get("raw", ""),
        "html": bool(told["html"]),
        "cut": bool(body.get("cut")),
        "forged": bool(place.get("forged")),
    }
    return {key: one for key, one in found.items() if one}


def _own(body: dict[str, Any], at: datetime) -> InboundOwn:
    """Written to a client from another program."""
    told, place = body["digest"], body["place"]
    text, _entities = _text(told, place)
    return InboundOwn(
        external_id=place["id"],
        chat=place["chat"],
        at=at,
        text=text,
        kind=_kind(body),
        files=_files(body),
        author=told["from"]["name"] or told["from"]["address"],
        employee=place["employee"],
        client=_sender(place["client"]),
        key=told["loop"] if body.get("sent") and told["loop"] else None,
        extra={"mail": _facts(body)},
    )


def _handed(body: dict[str, Any], at: datetime) -> InboundEvent:
    """Passed on by an employee: it lands where it would have, had it come by itself."""
    inner = body["digest"]["forwarded"]
    passed = body | {"digest": _passed_on(body["digest"], inner)}
    at = min(_moment(inner["date"]) or at, at)
    event = _own(passed, at) if body["place"]["mine"] else _message(passed, at)
    # Its hash is the carrier's: the mail itself, when it comes, is the same mail nevertheless.
    mail = event.extra["mail"] | {"handed": body["digest"]["from"], "hash": ""}
    return replace(event, extra={"mail": mail})


def _passed_on(told: dict[str, Any], inner: dict[str, Any]) -> dict[str, Any]:
    """The digest of the mail as it was before it was passed on."""
    words = inner.get("told") or {"subject": inner["subject"], "text": inner["text"], "whole": ""}
    people = {"from": inner["from"], "to": inner["to"], "cc": [], "reply_to": None}
    return told | words | people | {"references": inner["references"], "loop": ""}


def _report(
    report: dict[str, Any], place: dict[str, Any], at: datetime
) -> Sequence[InboundFailure | InboundReceipt]:
    chat, about = place["chat"], place["about"]
    if report["what"] == "failed":
        people = ", ".join(report["to"])
        reason = ": ".join(one for one in (people, report["reason"]) if one)
        return [InboundFailure(chat=chat, external_id=about, at=at, reason=reason)]
    status = STATUS.get(report["what"])
    if status is None:
        return []  # late, or deleted unread: the server still tries, the person has it
    return [InboundReceipt(chat=chat, external_id=about, at=at, status=status, only=True)]


MAKERS: dict[str, Callable[[dict[str, Any], datetime], InboundEvent]] = {
    "message": _message,
    "own": _own,
    "handed": _handed,
    "lead": forms.lead,
}
