"""Calls of visitors' browsers: who it is, what they may, what they get. All but the files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from channels.flood import Buckets
from channels.origins import cors
from channels.webchat import complaints, live, mailbox, render, tokens
from channels.webchat.config import Config, language_for, texts
from channels.webchat.parse import external_id
from channels.webchat.shapes import (
    TEXT_MAX,
    FileBody,
    MessageBody,
    MessageIn,
    ReadIn,
    ReceiptBody,
    SessionIn,
)
from channels.webchat.stream import Streams, news
from channels.webchat.tape import Cursor, Tape, cursor
from crm_core.kernel import clock
from routing.contracts import Intake, RawEvent

JSON_MAX = 64 * 1024
HISTORY = 30
STREAM_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}
ROW = re.compile(r"\d{1,18}")
T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Desk:
    """One account's front desk: its settings, limits and open streams."""

    channel: int
    config: Config
    streams: Streams
    addresses: Buckets
    visitors: Buckets
    uploads: Buckets
    signs: Buckets


def desk(channel: int, config: Config) -> Desk:
    per_visitor, per_address = config.visitor_per_minute, config.ip_per_minute
    return Desk(
        channel=channel,
        config=config,
        streams=Streams(config.max_streams),
        addresses=Buckets(per_address / 60, per_address),
        visitors=Buckets(per_visitor / 60, max(1, per_visitor // 2)),
        uploads=Buckets(per_visitor / 180, max(1, per_visitor // 3)),
        signs=Buckets(2, 20),
    )


def charge(buckets: Buckets, key: str) -> None:
    """Take one token of a bucket or complain."""
    if wait := buckets.take(key, clock.now()):
        raise complaints.flooded(wait)


def visitor(desk: Desk, request: web.Request) -> str:
    """Who calls, by the bearer token; complains about strangers."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = tokens.visitor_of(desk.channel, token) if scheme == "Bearer" else None
    if found is None:
        raise complaints.stranger()
    return found


async def body(request: web.Request, shape: type[T]) -> T:
    """The JSON body in its shape; never reads more than it may."""
    raw = bytearray()
    async for chunk in request.content.iter_chunked(8192):
        raw += chunk
        if len(raw) > JSON_MAX:
            raise complaints.too_long(TEXT_MAX)
    return shaped(bytes(raw), shape)


def shaped(raw: bytes, shape: type[T]) -> T:
    try:
        return shape.model_validate(orjson.loads(raw))
    except orjson.JSONDecodeError:
        raise complaints.malformed("JSON") from None
    except ValidationError as error:
        first = error.errors()[0]
        if "too_long" in first["msg"]:
            raise complaints.too_long(TEXT_MAX) from None
        raise complaints.malformed(".".join(str(one) for one in first["loc"])) from None


async def session(desk: Desk, request: web.Request, _intake: Intake) -> web.Response:
    """`POST session` → token, texts, state and, for one who came back, the last messages."""
    asked = await body(request, SessionIn)
    known = tokens.visitor_of(desk.channel, asked.token)
    who = known or tokens.new_visitor()
    language = language_for(desk.config, asked.language or language_of(request))
    past = await _past(desk, who, mailbox.NEWEST) if known else Past([], False, str(_start()))
    return web.json_response(
        {
            "token": tokens.token_of(desk.channel, who),
            "known": known is not None,
            "config": texts(desk.config, language),
            "state": render.state(await mailbox.standing(desk.channel, who)),
            "messages": past.messages,
            "more": past.more,
            "cursor": past.cursor,
        }
    )


@dataclass(frozen=True, slots=True)
class Past:
    """Messages oldest first, whether there are older ones, from where the stream goes on."""

    messages: list[dict[str, object]]
    more: bool
    cursor: str


def _start() -> Cursor:
    return Cursor(0, clock.now())


async def _past(desk: Desk, who: str, before: int) -> Past:
    now = clock.now()
    rows = await mailbox.before(desk.channel, who, before, HISTORY)
    tape = Tape(_start())
    shown = [render.message(row, who, now) for row in tape.take(rows, now)]
    return Past(shown, len(rows) == HISTORY, str(tape.cursor))


async def history(desk: Desk, request: web.Request, _intake: Intake) -> web.Response:
    """`GET history?before=<row id>` → thirty older messages."""
    who = visitor(desk, request)
    charge(desk.signs, who)
    before = request.query.get("before", "")
    past = await _past(desk, who, int(before) if ROW.fullmatch(before) else mailbox.NEWEST)
    return web.json_response({"messages": past.messages, "more": past.more})


async def messages(desk: Desk, request: web.Request, intake: Intake) -> web.Response:
    """`POST messages` → row id and time; the same UUID again gives the same answer."""
    who = visitor(desk, request)
    said = await body(request, MessageIn)
    if not said.text:
        raise complaints.empty()
    charge(desk.visitors, who)
    return await accept(desk, intake, who, said, [])


async def accept(
    desk: Desk, intake: Intake, who: str, said: MessageIn, files: list[FileBody]
) -> web.Response:
    """Hand a message over to the hub and answer with what it became."""
    replied = said.reply_to and await mailbox.ref_of(desk.channel, who, said.reply_to)
    event = MessageBody(
        visitor=who,
        id=said.id,
        at=clock.now(),
        text=said.text,
        files=files,
        reply_to=replied or None,
        profile=said.profile,
        context=said.context,
    )
    key = external_id(who, said.id)
    fresh = await intake.accept(RawEvent(key=key, body=event.model_dump(mode="json")))
    if fresh:
        await live.stir(desk.channel, who)
    return web.json_response(await _receipt(desk, said.id, key, event.at.isoformat()))


async def _receipt(desk: Desk, message_id: UUID, key: str, at: str) -> dict[str, object]:
    row = await mailbox.stored(desk.channel, key)
    known: dict[str, object] = {"id": None, "at": at}
    if row is not None:
        known = {"id": row["id"], "at": row["at"].isoformat()}
    return known | {"uuid": str(message_id)}


async def read(desk: Desk, request: web.Request, intake: Intake) -> web.Response:
    """`POST read`: our messages up to a row id were delivered, or read."""
    who = visitor(desk, request)
    said = await body(request, ReadIn)
    charge(desk.signs, who)
    known = await mailbox.last_out(desk.channel, who, said.up_to)
    if known is not None:
        event = ReceiptBody(visitor=who, external_id=known, status=said.status, at=clock.now())
        key = f"{said.status}:{known}"
        await intake.accept(RawEvent(key=key, body=event.model_dump(mode="json")))
    return web.Response(status=204)


async def typing(desk: Desk, request: web.Request, _intake: Intake) -> web.Response:
    """`POST typing`: told on, never stored; too much of it is silently dropped."""
    who = visitor(desk, request)
    if not desk.signs.take(who, clock.now()):
        await live.visitor_types(desk.channel, who)
    return web.Response(status=204)


async def stream(desk: Desk, request: web.Request, _intake: Intake) -> web.StreamResponse:
    """`GET stream?after=<cursor>` (or Last-Event-ID): server-sent events until either side ends."""
    who = visitor(desk, request)
    charge(desk.signs, who)
    if desk.streams.full(who):
        raise complaints.busy()
    after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    response = web.StreamResponse(headers=STREAM_HEADERS | cors(request.headers))
    await response.prepare(request)
    try:
        async for one in news(desk.streams, desk.channel, who, cursor(after, clock.now())):
            await response.write(one)
    except ConnectionError:
        pass  # the visitor has left
    return response


def language_of(request: web.Request) -> str:
    """The browser's first language."""
    return request.headers.get("Accept-Language", "")[:16].split(",")[0]
