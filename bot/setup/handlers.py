"""What handles what in the set-up."""

from __future__ import annotations

from aiogram import F, Router

# The commands this slice runs are registered by being imported.
import crm_core.clients.standing.defining
import crm_core.clients.standing.ruling
import crm_core.fields.commands  # noqa: F401
from bot.forms import form
from bot.setup import fields, rules, statuses
from bot.setup.presses import FieldsPress, RulesPress, StatusesPress


def router() -> Router:
    router = Router(name="setup")
    pressed, answered = router.callback_query.register, router.message.register
    shows = {"list", "show", "kinds", "options", "option", "colors", "full"}
    asks = {"add", "rename", "newopt", "optname", "weights"}
    pressed(fields.show, FieldsPress.filter(F.do.in_(shows)))
    pressed(fields.ask, FieldsPress.filter(F.do.in_(asks)))
    pressed(fields.change, FieldsPress.filter())
    pressed(statuses.show, StatusesPress.filter(F.do.in_(shows)))
    pressed(statuses.ask, StatusesPress.filter(F.do.in_(asks)))
    pressed(statuses.toggle, StatusesPress.filter(F.do == "toggle"))
    pressed(statuses.change, StatusesPress.filter())
    pressed(rules.add, RulesPress.filter(F.do == "add"))
    pressed(rules.drop, RulesPress.filter(F.do == "drop"))
    pressed(rules.up, RulesPress.filter(F.do == "up"))
    pressed(rules.remove, RulesPress.filter(F.do == "off"))
    pressed(rules.show, RulesPress.filter())
    answered(fields.titled, form(fields.TITLE), F.text)
    answered(fields.listed, form(fields.OPTIONS), F.text)
    answered(fields.renamed, form(fields.RENAME), F.text)
    answered(fields.optioned, form(fields.OPTION), F.text)
    answered(statuses.added, form(statuses.ADD), F.text)
    answered(statuses.renamed, form(statuses.RENAME), F.text)
    answered(statuses.weighed, form(statuses.WEIGHTS), F.text)
    return router
