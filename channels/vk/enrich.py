"""What is asked of VK before an event is stored: whole messages, names, all items of an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from channels.vk import market
from channels.vk.api import Api
from channels.vk.people import People, numbers_in
from crm_core.kernel import clock
from routing.contracts import DeliveryError, RawEvent

ORDERS = frozenset({"market_order_new", "market_order_edit"})
MOST_ITEMS = 50

Update = dict[str, Any]


@dataclass(slots=True)
class Enricher:
    """Makes what is stored from what VK sent. A question VK does not answer costs no event."""

    api: Api
    people: People

    async def event(self, update: Update, key: str) -> RawEvent:
        whole = await self._whole(update)
        envelope = {
            "received": clock.now().isoformat(),
            "people": await self.people.of(numbers_in(whole.get("object"))),
            "items": await self._items(whole),
        }
        stored = {name: value for name, value in whole.items() if name != "secret"}
        return RawEvent(key=key, body=stored | {"pult": envelope})

    async def _whole(self, update: Update) -> Update:
        """VK leaves parts out of large messages and says so: then all of it is asked for."""
        found = update.get("object")
        outer = found if isinstance(found, dict) else {}
        message = outer.get("message", outer)
        if not isinstance(message, dict) or not message.get("is_cropped"):
            return update
        whole = await self.message(message.get("peer_id"), message.get("conversation_message_id"))
        if whole is None:
            return update
        return update | {"object": outer | {"message": whole} if "message" in outer else whole}

    async def message(self, peer: Any, number: Any) -> Update | None:
        """A message as it stands with VK now; None when it can't be had."""
        try:
            found = await self.api.call("messages.getById", again=True, peer_id=peer, cmids=number)
            items = found["items"]
        except (DeliveryError, KeyError, TypeError):
            return None
        return dict(items[0]) if items else None

    async def _items(self, update: Update) -> list[Any]:
        """An order's event shows a few of its items only."""
        found = update.get("object")
        if update.get("type") not in ORDERS or not isinstance(found, dict):
            return []
        order = market.inner(found)
        shown = order.get("preview_order_items") or []
        if order.get("items_count", 0) <= len(shown):
            return []
        try:
            answer = await self.api.call(
                "market.getOrderItems",
                again=True,
                user_id=order.get("user_id"),
                order_id=order.get("id"),
                count=MOST_ITEMS,
            )
            return list(answer["items"])
        except (DeliveryError, KeyError, TypeError):
            return []
