"""What a client's card needs, and what of it this person may read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crm_core.clients import queries
from crm_core.clients.queries import ClientCard
from crm_core.clients.standing.queries import Portrait, portrait
from crm_core.clients.timeline import ItemKind, TimelineItem, timeline
from crm_core.dialogs import access
from crm_core.dialogs import queries as dialog_queries
from crm_core.dialogs.opening import Opening, openings
from crm_core.dialogs.queries import DialogView, FileView, MessageView
from crm_core.duplicates import queries as duplicates
from crm_core.duplicates.queries import Proposal
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Forbidden
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _
from crm_core.requests import queries as requests
from crm_core.requests.queries import RequestView
from crm_core.undo import queries as undo

HIDDEN = N_("(a colleague's dialog)")
# What facts of a dialog say in people's own words.
SPOKEN = ("comment", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A card before its viewer. `dialogs` are the live ones, `last` the last words, `openings`
    ways to write first, `requests` the open ones, `twins` cards that may be the same client, the
    surest first; `undo`: something can still be taken back."""

    card: ClientCard
    portrait: Portrait
    dialogs: tuple[DialogView, ...]
    last: TimelineItem | None
    viewer: Actor
    back: str = ""
    openings: tuple[Opening, ...] = ()
    undo: bool = False
    requests: tuple[RequestView, ...] = ()
    twins: tuple[Proposal, ...] = ()


async def facts_of(viewer: Actor, client_id: int, back: str = "") -> Facts:
    """Load a card; NotFound, Forbidden."""
    viewer.require(Right.CLIENT_READ)
    card = await queries.card(viewer, client_id)
    latest = await timeline(viewer, card.id, limit=1, kinds={ItemKind.MESSAGE})
    readable = await for_eyes(viewer, latest)
    return Facts(
        card=card,
        portrait=await portrait(viewer, card.id),
        dialogs=tuple([await dialog_queries.view(one.id) for one in card.dialogs]),
        last=readable[0] if readable else None,
        viewer=viewer,
        back=back,
        openings=await _openings(viewer, card),
        undo=bool(await undo.of_client(viewer, card.id)),
        requests=await _requests(card.id),
        twins=tuple(await duplicates.of_client(viewer, card.id)),
    )


async def _openings(viewer: Actor, card: ClientCard) -> tuple[Opening, ...]:
    """Only where nobody is talking with the client yet."""
    if not viewer.may(Right.DIALOG_WORK):
        return ()
    live = {one.channel_name for one in card.dialogs}
    return tuple(one for one in await openings(card.id) if one.channel_name not in live)


async def _requests(client_id: int) -> tuple[RequestView, ...]:
    found = await requests.of_client(client_id)
    return tuple(one for one in found if one.state in {"new", "accepted"})


async def for_eyes(viewer: Actor, items: Sequence[TimelineItem]) -> list[TimelineItem]:
    """The items with the words of dialogs this person may not read taken out."""
    secret = await _unreadable(viewer, {one.dialog_id for one in items if one.dialog_id})
    return [_veiled(one) if one.dialog_id in secret else one for one in items]


async def _unreadable(viewer: Actor, dialog_ids: Iterable[int]) -> set[int]:
    found = set()
    for dialog_id in dialog_ids:
        try:
            await access.require_read(viewer, dialog_id)
        except Forbidden:
            found.add(dialog_id)
    return found


def _veiled(item: TimelineItem) -> TimelineItem:
    if item.kind is ItemKind.EVENT:
        data = {key: value for key, value in item.data.items() if key not in SPOKEN}
        return replace(item, data=data)
    return replace(item, text=_(HIDDEN), data={}, files=())


def message_of(item: TimelineItem) -> MessageView:
    """A message or note of a timeline in the shape the words of dialogs are rendered from."""
    return MessageView(
        id=item.id,
        dialog_id=item.dialog_id or 0,
        client_id=0,
        direction="note" if item.kind is ItemKind.NOTE or item.what == "card" else item.what,
        kind="text",
        text=item.text,
        entities=(),
        extra=item.data,
        author_id=None,
        author_name=item.author,
        reply_to_id=None,
        status=item.status,
        at=item.at,
        edited_at=None,
        files=tuple(_file(one) for one in item.files),
    )


def _file(one: dict[str, object]) -> FileView:
    bare: dict[str, object] = dict.fromkeys(("width", "height", "duration", "sha"))
    return FileView(**(bare | one))  # type: ignore[arg-type]  # columns of the same table
