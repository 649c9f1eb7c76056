"""What handles what, in this order: the first router that takes an update has it."""

from __future__ import annotations

from aiogram import Router

from bot import forms, lastly
from bot.calls import handlers as calls
from bot.catalogues import handlers as catalogues
from bot.catalogues import typing as catalogue_typing
from bot.channels import handlers as channels
from bot.classification import handlers as classification
from bot.clients import handlers as clients
from bot.dialogs import handlers as dialogs
from bot.home import handlers as home
from bot.quick import handlers as quick
from bot.requests import handlers as requests
from bot.requests import taking
from bot.search import handlers as search


def routers() -> list[Router]:
    """Fresh routers of all slices. Commands and buttons first, then what people write."""
    return [
        forms.router(),
        clients.router(),
        calls.router(),
        search.router(),
        requests.router(),
        taking.router(),
        quick.router(),
        channels.router(),
        catalogues.router(),
        classification.router(),
        home.router(),
        dialogs.router(),
        search.typing_router(),
        catalogue_typing.router(),
        dialogs.writing_router(),
        taking.catching_router(),
        lastly.router(),
    ]
