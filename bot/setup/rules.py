"""The rules that give statuses: what presses do."""

from __future__ import annotations

from aiogram.types import CallbackQuery

from bot.desk import Desk
from bot.home.handlers import show_room
from bot.screen import Screen
from bot.setup import ruleviews as views
from bot.setup import tokens
from bot.setup.fields import page_of
from bot.setup.presses import RulesPress
from bot.setup.ruleviews import Near
from crm_core.clients.standing.conditions import TIMED, Condition
from crm_core.clients.standing.deciding import Rule
from crm_core.clients.standing.queries import policy, status
from crm_core.fields.queries import all_fields, by_key, field
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict

ROOM = "statuses"


async def show(_query: CallbackQuery, callback_data: RulesPress, desk: Desk) -> None:
    """Screens that only show something."""
    desk.actor.require(Right.SETUP)
    await show_room(desk, await _screen(callback_data), ROOM)


async def _screen(press: RulesPress) -> Screen:
    near = Near(await status(press.status), 0 if press.do == "list" else press.rule)
    if press.do == "what":
        return views.what(near)
    if press.do == "days":
        if press.value not in TIMED:
            raise Conflict(tokens.OUTDATED)
        return views.days(near, press.value)
    if press.do == "role":
        return views.roles(near)
    if press.do == "fields":
        return views.fields(near, await all_fields("client"), page_of(press.value))
    if press.do == "field":
        return views.field(near, await field(page_of(press.value)))
    return await _rules(near)


async def _rules(near: Near) -> Screen:
    """The rule, or all of the status when it is gone or not begun."""
    known, fields = await policy(), await by_key("client")
    one = next((rule for rule in known.rules if rule.id == near.rule), None)
    return views.rule(near, one, fields) if one else views.rules(near, known, fields)


async def _rule(rule_id: int) -> Rule | None:
    return next((one for one in (await policy()).rules if one.id == rule_id), None)


async def add(_query: CallbackQuery, callback_data: RulesPress, desk: Desk) -> None:
    """One condition more; the first one begins a rule."""
    one = tokens.condition(callback_data.value, await all_fields("client"))
    rule = await _rule(callback_data.rule)
    await _save(desk, callback_data, rule, [*(rule.conditions if rule else ()), one])


async def drop(query: CallbackQuery, callback_data: RulesPress, desk: Desk) -> None:
    """One condition less; without its last one a rule is gone."""
    rule, place = await _rule(callback_data.rule), page_of(callback_data.value)
    if rule is None or place >= len(rule.conditions):
        raise Conflict(tokens.OUTDATED)
    left = [one for number, one in enumerate(rule.conditions) if number != place]
    if not left:
        return await remove(query, callback_data, desk)
    return await _save(desk, callback_data, rule, left)


async def _save(
    desk: Desk, press: RulesPress, rule: Rule | None, conditions: list[Condition]
) -> None:
    given = [one.model_dump(mode="json") for one in conditions]
    rule_id = await desk.run(
        "client_status.save_rule",
        status_id=press.status,
        conditions=given,
        rule_id=rule.id if rule else None,
    )
    await show_room(desk, await _rules(Near(await status(press.status), rule_id)), ROOM)


async def up(_query: CallbackQuery, callback_data: RulesPress, desk: Desk) -> None:
    await desk.run("client_status.move_rule", rule_id=callback_data.rule)
    await show_room(desk, await _rules(Near(await status(callback_data.status))), ROOM)


async def remove(_query: CallbackQuery, callback_data: RulesPress, desk: Desk) -> None:
    await desk.run("client_status.remove_rule", rule_id=callback_data.rule)
    await show_room(desk, await _rules(Near(await status(callback_data.status))), ROOM)
