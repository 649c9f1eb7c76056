"""Rows of Asterisk's call log as calls. Pure.

A call has from one to six rows, one per pair of channels; rows are one call when they have the
same linked or unique id, or when one's own channel was called by another. Master.csv has no
linked id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crm_core.calls.shapes import CallSeen, Direction, LegOutcome, LegSeen, Outcome
from telephony.asterisk.facts import Rules, peer

COLUMNS = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp"),
    *("lastdata", "start", "answer", "end", "duration", "billsec", "disposition", "amaflags"),
    *("uniqueid", "userfield"),
)
# Applications of a channel that was dialled: its row adds to somebody else's call.
CALLED = frozenset({"AppDial", "AppQueue", ""})
# A phone that was rung by order and did not get further.
ORDERED = "AppDial2"


@dataclass(frozen=True, slots=True, kw_only=True)
class CdrRow:
    """One row; times aware, `linked` empty where the log does not know it."""

    unique: str
    linked: str
    src: str
    dst: str
    channel: str
    partner: str
    application: str
    disposition: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    talk: float


def row_of(found: Mapping[str, str], *, utc: bool) -> CdrRow | None:
    """A row by its column names; None when it is none."""
    started, ended = _time(found["start"], utc), _time(found["end"], utc)
    if started is None or ended is None or not found["uniqueid"]:
        return None
    return CdrRow(
        unique=found["uniqueid"],
        linked=found.get("linkedid", ""),
        src=found["src"],
        dst=found["dst"],
        channel=found["channel"],
        partner=found["dstchannel"],
        application=found["lastapp"],
        disposition=found["disposition"],
        started_at=started,
        answered_at=_time(found["answer"], utc),
        ended_at=ended,
        talk=float(found["billsec"] or 0),
    )


def _time(text: str, utc: bool) -> datetime | None:
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if utc else moment.replace(tzinfo=None).astimezone()


def calls_of(rows: Sequence[CdrRow], rules: Rules) -> list[CallSeen]:
    """Ended calls, oldest first; listening and services that nobody was called by are none."""
    found = [_call(key, group, rules) for key, group in _grouped(rows).items()]
    calls = [call for call in found if call is not None]
    return sorted(calls, key=lambda call: (call.started_at, call.key))


def _grouped(rows: Iterable[CdrRow]) -> dict[str, list[CdrRow]]:
    """Rows by call key."""
    ordered = sorted(rows, key=lambda row: row.started_at)
    called: dict[str, str] = {}
    groups: dict[str, list[CdrRow]] = defaultdict(list)
    for row in ordered:
        key = row.linked or called.get(_base(row.channel)) or row.unique
        groups[key].append(row)
        if row.partner:
            called.setdefault(_base(row.partner), key)
    return groups


def _base(channel: str) -> str:
    """Both halves of a local channel are one."""
    return channel.removesuffix(";1").removesuffix(";2")


def _call(key: str, rows: list[CdrRow], rules: Rules) -> CallSeen | None:
    first = next((row for row in rows if row.unique == key), rows[0])
    if key.startswith(rules.silent) or first.application in {"ChanSpy", *CALLED}:
        return None
    if rules.kind(first.channel) == "local":
        return None
    legs = _legs(rows, first, rules)
    talks = [row for row in rows if row.disposition == "ANSWERED" and row.partner]
    direction = _direction(first, rows, rules)
    if direction == "internal" and not legs and not first.partner:
        return None
    started = min(row.started_at for row in rows)
    answered = min((row.answered_at for row in talks if row.answered_at), default=None)
    mine = [row for row in talks if row.channel == first.channel]
    return CallSeen(
        key=key,
        direction=direction,
        state="ended",
        started_at=started,
        number=_number(direction, first),
        answered_at=answered,
        ended_at=max(row.ended_at for row in rows),
        outcome=_outcome(rows, legs, answered),
        wait_seconds=((answered or max(r.ended_at for r in rows)) - started).total_seconds(),
        talk_seconds=sum(row.talk for row in mine or talks),
        legs=tuple(legs),
    )


def _direction(first: CdrRow, rows: Sequence[CdrRow], rules: Rules) -> Direction:
    if rules.kind(first.channel) == "outside":
        return "inbound"
    if first.application == ORDERED:
        return "outbound"
    partners = [rules.kind(row.partner) for row in rows if row.partner]
    digits = first.dst.lstrip("+")
    outside = "outside" in partners or (digits.isdecimal() and len(digits) > 6)
    return "outbound" if outside else "internal"


def _number(direction: Direction, first: CdrRow) -> str | None:
    if direction == "internal":
        return None
    number = first.src if direction == "inbound" else first.dst
    return None if number in {"", "s"} else number


def _legs(rows: Sequence[CdrRow], first: CdrRow, rules: Rules) -> list[LegSeen]:
    """Our phones: who called, then everybody who was rung, once per channel."""
    found: dict[str, LegSeen] = {}
    if rules.kind(first.channel) == "phone":
        found[first.channel] = _leg(first, first.channel, caller=True)
    for row in rows:
        if row.partner and rules.kind(row.partner) == "phone" and row.partner not in found:
            found[row.partner] = _leg(row, row.partner, caller=False)
    return list(found.values())


def _leg(row: CdrRow, channel: str, *, caller: bool) -> LegSeen:
    spoke = row.disposition == "ANSWERED" and bool(row.partner)
    outcomes: dict[str, LegOutcome] = {
        "ANSWERED": "answered",
        "BUSY": "busy",
        "FAILED": "failed",
        "CONGESTION": "failed",
    }
    return LegSeen(
        key=channel,
        extension=peer(channel)[:64],
        how="caller" if caller else "ring",
        rang_at=row.started_at,
        answered_at=row.answered_at if spoke else None,
        ended_at=row.ended_at,
        outcome=outcomes.get(row.disposition, "no_answer") if spoke or not caller else "cancelled",
        talk_seconds=row.talk if spoke else 0.0,
    )


def _outcome(rows: Sequence[CdrRow], legs: Sequence[LegSeen], answered: datetime | None) -> Outcome:
    if answered is not None:
        return "answered"
    told = {row.disposition for row in rows}
    if "NO ANSWER" in told:
        return "missed"
    if "BUSY" in told:
        return "busy"
    return "failed" if legs or "CONGESTION" in told else "offline"
