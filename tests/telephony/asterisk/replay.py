"""Recorded AMI streams of real calls, and what the tracker makes of them, in short lines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from crm_core.calls.shapes import CallSeen, LegSeen
from telephony.asterisk.learning import WANTED
from telephony.asterisk.parse import AmiEvent, parse, split
from telephony.asterisk.tracker import Tracker

RECORDINGS = Path(__file__).parents[1] / "recordings"
NAMES = sorted(str(path.relative_to(RECORDINGS)) for path in RECORDINGS.rglob("*.txt"))


def events(name: str) -> list[AmiEvent]:
    """Events of a recording that the tracker listens to."""
    text = (RECORDINGS / name).read_bytes().decode()
    found = [parse(block) for block in split(text)[0]]
    return [event for event in found if event.get("Event") in WANTED]


def play(stream: Iterable[AmiEvent], tracker: Tracker | None = None) -> list[CallSeen]:
    """The last view of every call, oldest first; the tracker is asked after every event."""
    tracker = Tracker() if tracker is None else tracker
    seen: dict[str, CallSeen] = {}
    for event in stream:
        tracker.feed(event, 0.0)
        seen |= {call.key: call for call in tracker.changed()}
    return sorted(seen.values(), key=lambda call: (call.started_at, call.key))


def lines(calls: Iterable[CallSeen]) -> list[str]:
    """Calls as people would tell them; seconds to one tenth."""
    return [_call(call) for call in calls]


def _call(call: CallSeen) -> str:
    words = [
        call.direction,
        f"{call.number or '?'}" + (f">{call.did}" if call.did else ""),
        *([f"queue={call.queue}"] if call.queue else []),
        call.outcome or call.state,
        f"wait={call.wait_seconds:.1f}",
        *([f"talk={call.talk_seconds:.1f}"] if call.answered_at else []),
        *([f"hold={call.hold_seconds:.1f}"] if call.hold_seconds else []),
        *([f"by={call.hung_up_by}"] if call.hung_up_by else []),
        *([f"{one.kind}:{one.by}>{one.to}" for one in call.transfers]),
        *(["(part)"] if call.part_of else []),
    ]
    legs = ", ".join(_leg(leg, call.started_at) for leg in call.legs)
    return " ".join([*words, "|", legs or "no phone rang"])


def _leg(leg: LegSeen, begun: datetime) -> str:
    words = [leg.extension, leg.how, f"@{(leg.rang_at - begun).total_seconds():.1f}"]
    words += [leg.outcome or "goes-on", *([f"{leg.talk_seconds:.1f}"] if leg.answered_at else [])]
    return " ".join(words)


def expected() -> dict[str, list[str]]:
    """The hand-checked lines of every recording."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (RECORDINGS / "expected.list").read_text().splitlines():
        if line.startswith("  "):
            found[name].append(line.strip())
        else:
            name = f"{line}.txt"
            found[name] = []
    return found


def moment(event: AmiEvent) -> float:
    return float(event["Timestamp"])


def living(stream: Iterable[AmiEvent], at: float) -> list[AmiEvent]:
    """What CoreShowChannels would list at that moment."""
    there: dict[str, AmiEvent] = {}
    for event in stream:
        if moment(event) > at:
            continue
        if event["Event"] == "Newchannel":
            there[event["Uniqueid"]] = {**event, "Event": "CoreShowChannel"}
            there[event["Uniqueid"]]["Application"] = (
                "Dial" if event["ChannelStateDesc"] == "Ring" else "AppDial"
            )
        _follow(event, there)
    return [
        {**one, "Duration": f"00:00:{int(at - float(one.pop('Timestamp'))):02}"}
        for one in there.values()
    ]


def _follow(event: AmiEvent, there: dict[str, AmiEvent]) -> None:
    if event["Event"] == "ChanSpyStart":
        there[event["SpyerUniqueid"]]["Application"] = "ChanSpy"
    one = there.get(event.get("Uniqueid", ""))
    if one is None:
        return
    if event["Event"] == "Hangup":
        del there[event["Uniqueid"]]
    elif event["Event"] == "BridgeEnter":
        one["BridgeId"] = event["BridgeUniqueid"]
    elif event["Event"] == "BridgeLeave" and one.get("BridgeId") == event["BridgeUniqueid"]:
        del one["BridgeId"]
    elif event["Event"] == "Newstate":
        one["ChannelStateDesc"] = event["ChannelStateDesc"]
    if linked := event.get("Linkedid"):
        one["Linkedid"] = linked
