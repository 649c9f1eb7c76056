"""Orders of a VK shop as applications. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from channels.vk.content import sender
from channels.vk.orders import Items, Order, Recipient, title_of
from channels.vk.orderstatus import STATUSES
from channels.vk.wire import Envelope
from crm_core.dialogs.messages import InboundLead, Sender
from crm_core.kernel.i18n import N_

SOURCE = N_("VK Market")


def inner(found: Mapping[str, Any]) -> dict[str, Any]:
    """The order in an event: samples disagree on `object` and `object.order`."""
    order = found.get("order")
    return dict(order) if isinstance(order, dict) else dict(found)


def lead(found: Mapping[str, Any], envelope: Envelope) -> InboundLead:
    """The order as an application; the same order again changes it."""
    order = Order.model_validate(inner(found))
    items = (
        Items.model_validate({"items": envelope.items}).items
        if envelope.items
        else order.preview_order_items
    )
    number = order.display_order_id or str(order.id)
    buyer = sender(order.user_id, envelope.people)
    total = order.total_price
    return InboundLead(
        external_id=order_key(order.user_id, order.id),
        at=order.date,
        source=SOURCE,
        subject=": ".join(filter(None, (f"№ {number}", ", ".join(map(title_of, items[:3]))))),
        sender=_named(buyer, order.recipient),
        chat=str(order.user_id),
        text=order.comment,
        items=tuple(item.line() for item in items),
        amount=total.value if total else None,
        currency=total.currency.name or None if total else None,
        fields=_fields(order),
    )


def order_key(user: int, order: int) -> str:
    """Orders are numbered per buyer."""
    return f"order:{user}:{order}"


def _named(buyer: Sender, recipient: Recipient) -> Sender:
    return replace(buyer, name=buyer.name or recipient.name, phone=recipient.phone or None)


def _fields(order: Order) -> dict[str, str]:
    status = STATUSES[order.status] if 0 <= order.status < len(STATUSES) else str(order.status)
    known = {
        N_("Status"): status,
        N_("Recipient"): order.recipient.name,
        N_("Delivery"): order.delivery.type,
        N_("Address"): order.delivery.address or order.address,
        N_("Tracking number"): order.delivery.track_number or order.track_number,
        N_("Comment of the seller"): order.merchant_comment,
    }
    return {name: value for name, value in known.items() if value}
