"""Leads of outside services, forms and orders: requests, the same id again telling more."""

from __future__ import annotations

from crm_core.dialogs.messages import InboundLead, LeadItem, Sender
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.journal import Event
from crm_core.requests.commands import register
from crm_core.requests.shapes import About, Item, Origin, Person, Track
from routing.inbound import identities

LONGEST = {"details": 20_000, "text": 20_000, "label": 120, "line": 200, "address": 2000}
LIVE = "SELECT id FROM dialog WHERE channel_id = $1 AND chat = $2 AND state <> 'closed'"


async def take(event: InboundLead, channel_id: int) -> list[Event]:
    """Register the lead, or tell more about the one with its id."""
    client_id, dialog_id = await _known(event, channel_id)
    origin = Origin(
        kind="order" if event.items else "lead",
        source=event.source.strip()[: LONGEST["label"]] or "—",
        channel_id=channel_id,
        key=event.external_id[:160],
        chat=event.chat and event.chat[:128],
        dialog_id=dialog_id,
        at=event.at,
        track=_track(event),
    )
    person = _person(event.sender) if event.sender else None
    await register(SYSTEM, origin=origin, person=person, about=_about(event), client_id=client_id)
    return []


async def _known(event: InboundLead, channel_id: int) -> tuple[int | None, int | None]:
    """The client and live dialog of a lead that came with a chat of this channel."""
    if event.chat is None or event.sender is None:
        return None, None
    people = await identities.resolve([(channel_id, event.sender)])
    dialog_id = await db.fetchval(LIVE, channel_id, event.chat[:128])
    return next(iter(people.values())).client_id, dialog_id


def _person(sender: Sender) -> Person:
    return Person(
        name=_line(sender.name),
        phone=_line(sender.phone),
        email=_line(sender.email),
        username=_line(sender.username),
    )


def _about(event: InboundLead) -> About:
    return About(
        subject=_line(event.subject),
        text=event.text.strip()[: LONGEST["text"]],
        items=tuple(_item(one) for one in event.items),
        amount=event.amount,
        currency=(event.currency or "")[:8] or None,
        details={
            label.strip()[: LONGEST["label"]]: value.strip()[: LONGEST["details"]]
            for label, value in event.fields.items()
        },
    )


def _item(one: LeadItem) -> Item:
    return Item(title=_line(one.title), quantity=one.quantity, price=one.price)


def _track(event: InboundLead) -> Track:
    most = LONGEST["label"]
    return Track(
        campaign={key.strip()[:most]: one.strip()[:500] for key, one in event.campaign.items()},
        visit=_line(event.visit) or None,
        page=(event.page or "")[: LONGEST["address"]] or None,
        recording=(event.recording or "")[: LONGEST["address"]] or None,
    )


def _line(text: str | None) -> str:
    """One line of what a stranger wrote, cut to what a column takes."""
    return " ".join((text or "").split())[: LONGEST["line"]]
