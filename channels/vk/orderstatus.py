"""Statuses of an order of a VK shop: VK's numbers, their words, setting one. Pure."""

from __future__ import annotations

from crm_core.kernel.i18n import N_
from routing.contracts import Rejected

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
