"""What a mail is to us and in which thread it belongs, given what is known. Pure.

`place` of a body: {"kind": message | own | handed | report | lead | ignored, "chat", "id", "known":
the thread was there before, and what that kind needs}. `known` of a batch grows with each mail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from channels.email import forms, forwards, ids, threading


@dataclass(slots=True, kw_only=True)
class Known:
    """What the database knows about the mails of a batch.

    `refs`: external id -> (chat, hash, direction); `subjects`: (address, subject key) -> chat;
    `staff`: address -> employee; `mailboxes`: all our addresses; `forms`: templates by number.
    """

    refs: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    subjects: dict[tuple[str, str], str] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    mailboxes: frozenset[str] = frozenset()
    forms: Mapping[int, dict[str, Any]] = field(default_factory=dict)

    def is_ours(self, address: str) -> bool:
        bare = threading.without_tag(address)
        return bare in self.mailboxes or bare in self.staff


def place(body: dict[str, Any], known: Known) -> dict[str, Any]:
    """The place of one mail; remembers it for those that follow."""
    told = body["digest"]
    if told["bounce"]:
        return _report(told["bounce"], known)
    sender = told["from"]["address"]
    tags = threading.tags(threading.arrived_at(told), known.mailboxes)
    if body.get("forged") and "e" not in tags:
        return {"kind": "message", "forged": True, **_strange(told, known)}
    if body.get("sent") or known.is_ours(sender) or "e" in tags:
        return _from_us(body, tags, known)
    number = forms.matching(known.forms, told)
    if number is not None:
        return {"kind": "lead", "form": number, "template": known.forms[number]}
    found = _placed(told, sender, tags, known)
    return {"kind": "message", **found}


def _report(told: dict[str, Any], known: Known) -> dict[str, Any]:
    """News of a mail of ours; of others' mail there is nothing to say to anybody."""
    about = next((one for one in told["ids"] if known.refs.get(one, ("", "", ""))[2] == "out"), "")
    if not about:
        return {"kind": "ignored", "why": "a report about mail that did not leave here"}
    return {"kind": "report", "chat": known.refs[about][0], "about": about}


def _from_us(body: dict[str, Any], tags: dict[str, str], known: Known) -> dict[str, Any]:
    """Written by one of ours: to a client from another program, or handed in."""
    told = body["digest"]
    if ids.ours(told["message_id"]) and not body.get("sent"):
        return {"kind": "ignored", "why": "a mail of ours that came back"}
    sender = told["from"]["address"]
    employee = int(tags["e"]) if tags.get("e", "").isdecimal() else known.staff.get(sender)
    employee = employee or body.get("owner")
    outside = [one for one in (*told["to"], *told["cc"]) if not known.is_ours(one["address"])]
    inner = told["forwarded"]
    if inner and not outside and not body.get("sent") and _was_handed_in(told):
        return _handed_in(told, inner, employee, known)
    if not outside:
        return {"kind": "ignored", "why": "a mail between ours"}
    found = _placed(told, outside[0]["address"], tags, known)
    return {"kind": "own", "client": outside[0], "employee": employee, **found}


def _was_handed_in(told: dict[str, Any]) -> bool:
    inner = told["forwarded"]
    return bool(inner["part"]) or forwards.is_forward(told["subject"])


def _handed_in(
    told: dict[str, Any], inner: dict[str, Any], employee: int | None, known: Known
) -> dict[str, Any]:
    """A mail of a client (or one of ours to a client) that an employee passed on to us."""
    author = inner["from"]["address"]
    outside = [one for one in inner["to"] if not known.is_ours(one["address"])]
    mine = known.is_ours(author)
    if not author or (mine and not outside):
        return {"kind": "ignored", "why": "a mail between ours"}
    client = outside[0] if mine else inner["from"]
    passed = {
        "message_id": inner["message_id"],
        "hash": told["hash"],
        "in_reply_to": [],
        "references": inner["references"],
        "subject": inner["subject"],
        "handed": True,
    }
    found = _placed(passed, client["address"], {}, known)
    return {"kind": "handed", "client": client, "mine": mine, "employee": employee, **found}


def _placed(
    told: dict[str, Any], person: str, tags: dict[str, str], known: Known
) -> dict[str, Any]:
    """`chat`, `id`, `known`, and `answers`: the id of the mail this one answers."""
    external = _own_id(told, known)
    key = threading.subject_key(told["subject"])
    answers = next((one for one in threading.candidates(told) if one in known.refs), None)
    chat = known.refs[answers][0] if answers else tags.get("t")
    weak = told.get("handed") or threading.is_answer(told["subject"])
    if chat is None and weak and key:
        chat = known.subjects.get((person, key))
    found = chat or threading.new_chat(external)
    known.refs.setdefault(external, (found, "" if told.get("handed") else told["hash"], "in"))
    if key:
        known.subjects[person, key] = found
    return {"chat": found, "id": external, "known": chat is not None, "answers": answers}


def _strange(told: dict[str, Any], known: Known) -> dict[str, Any]:
    """Whoever wrote it is not whom it names: in no thread, of nobody we know."""
    external = _own_id(told, known)
    found = threading.new_chat(external)
    known.refs.setdefault(external, (found, told["hash"], "in"))
    return {"chat": found, "id": external, "known": False, "answers": None}


def _own_id(told: dict[str, Any], known: Known) -> str:
    """Another mail under a known Message-ID gets an id of its own."""
    external = threading.external_id(told)
    _chat, former, _direction = known.refs.get(external, ("", "", ""))
    other = former and former != told["hash"] and not told.get("handed")
    if other and not ids.ours(external):
        return ids.external(f"{external[:120]}~{told['hash']}")
    return external


def default(body: dict[str, Any]) -> dict[str, Any]:
    """The place of a mail nobody looked up (a replay of what once could not be read)."""
    known = Known(mailboxes=frozenset(body.get("own") or ()))
    return place(body, known)
