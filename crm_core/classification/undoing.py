"""How marks of catalogues on a card are taken back."""

from __future__ import annotations

from crm_core.classification import commands
from crm_core.classification.events import ClientClassified, ClientDeclassified
from crm_core.kernel.actors import Actor, Right
from crm_core.undo.registry import Left, undoable

NOTHING: Left = ()


@undoable(ClientClassified, right=Right.CLIENT_WRITE)
async def _off(actor: Actor, fact: ClientClassified) -> Left:
    assert fact.client_id is not None  # noqa: S101 - facts of a card name it
    await commands.declassify(actor, client_id=fact.client_id, item_id=fact.item_id)
    return NOTHING


@undoable(ClientDeclassified, right=Right.CLIENT_WRITE)
async def _on(actor: Actor, fact: ClientDeclassified) -> Left:
    assert fact.client_id is not None  # noqa: S101 - facts of a card name it
    await commands.classify(actor, client_id=fact.client_id, item_id=fact.item_id)
    return NOTHING
