"""Orders of a VK shop as VK writes them. Source: market_order of vk-api-schema, vk-io."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from channels.vk.wire import Wire
from crm_core.dialogs.messages import LeadItem


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
        title = ", ".join([title_of(self), *self.variants])
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


def title_of(item: Item) -> str:
    return item.title or item.item.title or "—"
