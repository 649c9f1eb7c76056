"""What handles what with a client's classification: the screen, marks, how they came."""

from __future__ import annotations

from functools import partial
from typing import Any

from aiogram import BaseMiddleware, F, Router
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.classification import asking, views
from bot.classification.presses import (
    NO_SOURCE,
    ChannelPress,
    ClassPress,
    InterestPress,
    PickPress,
    SourcePress,
)
from bot.clients.show import Next, pressed_id, renew, show
from bot.desk import Desk
from bot.forms import form
from bot.screen import Screen
from crm_core.catalogues import queries as catalogues
from crm_core.catalogues.known import ADVERTISING
from crm_core.catalogues.shapes import Impact
from crm_core.classification.queries import classified
from crm_core.clients import queries as clients
from crm_core.kernel import memory
from crm_core.kernel.actors import Right
from crm_core.kernel.errors import Conflict, Invalid
from crm_core.kernel.i18n import N_
from crm_core.kernel.i18n import gettext as _

FORM = "interest.source"
WORDS = "interest.words"  # chat -> {text}  what was written of a person who is looked for
LONGEST, FOUND = 200, 5


async def whole_screen(desk: Desk, client_id: int, back: str, page: int = 0) -> Screen:
    """The screen as things stand now."""
    card = await clients.card(desk.actor, client_id)
    found = await classified(desk.actor, card.id)
    listed = await catalogues.catalogues(desk.actor)
    offered = [one for one in listed if one.classifies and not one.archived]
    seen = views.Seen(card=card, found=found, catalogues=offered, viewer=desk.actor, back=back)
    return views.whole(seen, max(page, 0))


async def show_whole(desk: Desk, client_id: int, back: str, page: int = 0) -> None:
    await show(desk, await whole_screen(desk, client_id, back, page))


async def whole(_query: CallbackQuery, callback_data: ClassPress, desk: Desk) -> None:
    await show_whole(desk, callback_data.id, callback_data.back, callback_data.page)


async def pick(_query: CallbackQuery, callback_data: PickPress, desk: Desk) -> None:
    """Items of a catalogue, after a mark was put or taken off."""
    desk.actor.require(Right.CLIENT_WRITE)
    near = callback_data
    if near.flip:
        name = "client.classify" if near.flip > 0 else "client.declassify"
        await desk.run(name, client_id=near.id, item_id=abs(near.flip))
    card = await clients.card(desk.actor, near.id)
    found = await classified(desk.actor, card.id)
    chosen = views.Choice(
        card=card,
        catalogue=await catalogues.catalogue(desk.actor, near.of),
        marked=frozenset(one.item_id for one in found.items),
        at=near.at,
        page=max(near.page, 0),
        back=near.back,
    )
    await show(desk, views.choices(chosen, desk.actor))


async def interest(_query: CallbackQuery, callback_data: InterestPress, desk: Desk) -> None:
    desk.actor.require(Right.CLIENT_WRITE)
    card = await clients.card(desk.actor, callback_data.id)
    now = (await classified(desk.actor, card.id)).interest
    channels = await catalogues.by_key(ADVERTISING)
    zone = desk.actor.timezone
    await show(desk, asking.channels(card, channels, now, callback_data, zone))


async def ask(_query: CallbackQuery, callback_data: ChannelPress, desk: Desk) -> None:
    """The exact source, asked as the channel's kind wants it."""
    desk.actor.require(Right.CLIENT_WRITE)
    card = await clients.card(desk.actor, callback_data.id)
    _found, one = await catalogues.catalogue_with(desk.actor, callback_data.item)
    prompt = asking.source(card, one, callback_data.back)
    kept = {"client": card.id, "item": one.id, "back": callback_data.back}
    await desk.ask(FORM, prompt, **kept, shown=pressed_id(desk))


async def written(message: Message, desk: Desk) -> None:
    """The source in words; of a recommendation, who is meant is looked for first."""
    text = " ".join((message.text or "").split())
    if not 0 < len(text) <= LONGEST:
        raise Invalid(N_("Write it in 1 to %(most)s characters."), most=LONGEST)
    answers = await desk.answers()
    _found, one = await catalogues.catalogue_with(desk.actor, answers["item"])
    if one.impact == Impact.RECOMMENDATION:
        meant = await clients.search(desk.actor, text, limit=FOUND)
        hits = [hit for hit in meant if hit.id != answers["client"]]
        if hits:
            await memory.put(WORDS, str(desk.chat_id), {"text": text})
            card = await clients.card(desk.actor, answers["client"])
            near = ChannelPress(id=card.id, item=one.id, back=answers["back"])
            await desk.send(asking.recommenders(card, hits, text, near))
            return
    await desk.run("client.set_interest", client_id=answers["client"], item_id=one.id, source=text)
    screen = await whole_screen(desk, answers["client"], answers["back"])
    await renew(desk, answers["shown"], screen)
    await desk.say("✓ " + _("Noted how they came"))


async def source(_query: CallbackQuery, callback_data: SourcePress, desk: Desk) -> None:
    """Who recommended us, what was written of them, or nothing."""
    arguments: dict[str, Any] = {}
    if callback_data.who > 0:
        arguments["source_client_id"] = callback_data.who
    elif callback_data.who == NO_SOURCE:
        await desk.answers()  # the question is over, too
    else:
        arguments["source"] = await _words(desk)
    await desk.run(
        "client.set_interest", client_id=callback_data.id, item_id=callback_data.item, **arguments
    )
    await desk.toast("✓ " + _("Noted how they came"))
    await show_whole(desk, callback_data.id, callback_data.back)


async def _words(desk: Desk) -> str:
    kept = await memory.get(WORDS, str(desk.chat_id))
    if kept is None:
        raise Conflict(N_("What you wrote is no longer known: choose the channel again."))
    return str(kept["text"])


class Redraws(BaseMiddleware):
    """What is no longer so: the screen shows the truth."""

    async def __call__(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        press, desk = data.get("callback_data"), data["desk"]
        if client_id := getattr(press, "id", None):
            desk.redraw = partial(show_whole, desk, client_id, getattr(press, "back", ""))
        return await handler(event, data)


def router() -> Router:
    router = Router(name="classification")
    router.callback_query.middleware(Redraws())
    pressed = router.callback_query.register
    pressed(whole, ClassPress.filter())
    pressed(pick, PickPress.filter())
    pressed(interest, InterestPress.filter())
    pressed(ask, ChannelPress.filter())
    pressed(source, SourcePress.filter())
    router.message.register(written, form(FORM), F.text)
    return router
