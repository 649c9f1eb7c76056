"""Orders of a VK shop as applications. Pure. Source: market_order of vk-api-schema, vk-io."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from channels.vk.content import sender
from channels.vk.wire import Envelope, Wire
from crm_core.dialogs.messages import InboundLead, LeadItem, Sender
from crm_core.kernel.i18n import N_
from routing.contracts import Rejected

SOURCE = N_("VK Market")
STATUSES = (
    N_("new"),
    N_("agreed"),
    N_("being put together"),
    N_("on its way"),
    N_("completed"),
    N_("cancelled"),
    N_("returned"),
)
# What a person may set; VK's number is the place.
STATUS_NAMES = ("new", "agreed", "packing", "delivery", "completed", "cancelled", "returned")


class Currency(Wire):
    name: str = ""


class Price(Wire):
    """`amount` in hundredths, as text."""

    amount: int
    currency: Currency = Currency()
    text: str = ""

    @property
    def value(self) -> Decimal:
        return Decimal(self.amount) / 100


class Product(Wire):
    title: str = ""


class Item(Wire):
    quantity: int = 1
    price: Price | None = None
    title: str | None = None
    item: Product = Product()
    variants: tuple[str, ...] = ()

    def line(self) -> LeadItem:
        title = ", ".join([_title(self), *self.variants])
        price = self.price.value if self.price else None
        return LeadItem(title=title, quantity=Decimal(self.quantity), price=price)


class Delivery(Wire):
    type: str = ""
    address: str = ""
    track_number: str = ""


class Recipient(Wire):
    name: str = ""
    phone: str = ""


class Order(Wire):
    id: int
    user_id: int
    date: datetime
    status: int = 0
    display_order_id: str = ""
    items_count: int = 0
    total_price: Price | None = None
    comment: str = ""
    merchant_comment: str = ""
    address: str = ""
    track_number: str = ""
    preview_order_items: tuple[Item, ...] = ()
    delivery: Delivery = Delivery()
    recipient: Recipient = Recipient()


class Items(Wire):
    items: tuple[Item, ...] = ()


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
        subject=": ".join(filter(None, (f"№ {number}", ", ".join(map(_title, items[:3]))))),
        sender=_named(buyer, order.recipient),
        chat=str(order.user_id),
        text=order.comment,
        items=tuple(item.line() for item in items),
        amount=total.value if total else None,
        currency=total.currency.name or None if total else None,
        fields=_fields(order),
    )


def _title(item: Item) -> str:
    return item.title or item.item.title or "—"


def order_key(user: int, order: int) -> str:
    """Orders are numbered per buyer."""
    return f"order:{user}:{order}"


def change(order: str, status: str) -> dict[str, int]:
    """Parameters of market.editOrder; Rejected says what is wrong with them."""
    kind, _, rest = order.partition(":")
    user, _, number = rest.partition(":")
    if kind != "order" or not user.isdecimal() or not number.isdecimal():
        message = f"“{order}” is not an order of a VK shop."
        raise Rejected(message)
    if status not in STATUS_NAMES:
        message = f"VK knows no status “{status}”. It knows: {', '.join(STATUS_NAMES)}."
        raise Rejected(message)
    return {
        "user_id": int(user),
        "order_id": int(number),
        "status": STATUS_NAMES.index(status),
    }


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
