"""Orders of the shop."""

from __future__ import annotations

from sandbox.vk.errors import VkError
from sandbox.vk.state import Json
from sandbox.vk.strict import INT, NEED_INT, STR, Context, Param, method


def _key(context: Context) -> tuple[int, int]:
    key = (context.get("user_id", 0), context.get("order_id"))
    if key not in context.group.orders:
        raise VkError(1431, "Order not found")
    return key


@method("market.getOrderById", user_id=INT, order_id=NEED_INT)
def get_order(context: Context) -> Json:
    return {"order": context.group.orders[_key(context)]}


@method("market.getOrderItems", user_id=INT, order_id=NEED_INT, offset=INT, count=INT)
def get_items(context: Context) -> Json:
    items = context.group.order_items[_key(context)]
    return {"count": len(items), "items": items[: context.get("count", 50)]}


@method(
    "market.editOrder",
    user_id=NEED_INT,
    order_id=NEED_INT,
    status=INT,
    merchant_comment=Param("str", longest=800),
    track_number=Param("str", longest=60),
    comment_for_user=STR,
)
def edit_order(context: Context) -> int:
    order = context.group.orders[_key(context)]
    status = context.get("status", order["status"])
    if not 0 <= status <= 6:
        raise VkError(1433, "Invalid status")
    order["status"] = status
    order["merchant_comment"] = context.get("merchant_comment", "")
    order["track_number"] = context.get("track_number", "")
    context.world.events[context.group.id].push("market_order_edit", dict(order))
    return 1
