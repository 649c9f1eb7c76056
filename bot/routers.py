"""What handles what, in this order: the first router that takes an update has it."""

from __future__ import annotations

from aiogram import Router

from bot import forms, lastly
from bot.access import handlers as access
from bot.calls import handlers as calls
from bot.catalogues import handlers as catalogues
from bot.catalogues import typing as catalogue_typing
from bot.channels import handlers as channels
from bot.classification import handlers as classification
from bot.clients import handlers as clients
from bot.dialogs import handlers as dialogs
from bot.home import handlers as home
from bot.mailboxes import handlers as mailboxes
from bot.people import handlers as people
from bot.portrait import handlers as portrait
from bot.quick import handlers as quick
from bot.reports import handlers as reports
from bot.requests import handlers as requests
from bot.requests import taking
from bot.search import handlers as search
from bot.setup import handlers as setup
from bot.undo import handlers as undo


def routers() -> list[Router]:
    """Fresh routers of all slices. Commands and buttons first, then what people write."""
    return [
        forms.router(),
        clients.router(),
        undo.router(),
        portrait.router(),
        people.router(),
        calls.router(),
        search.router(),
        requests.router(),
        taking.router(),
        quick.router(),
        channels.router(),
        access.router(),
        catalogues.router(),
        classification.router(),
        setup.router(),
        reports.router(),
        mailboxes.router(),
        home.router(),
        dialogs.router(),
        search.typing_router(),
        catalogue_typing.router(),
        dialogs.writing_router(),
        taking.catching_router(),
        lastly.router(),
    ]
