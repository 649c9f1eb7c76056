"""One request from validation to answer: faults, limits, the method, the check of the reply."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass
from typing import Any

from sandbox.botapi import methods
from sandbox.botapi.calls import Call
from sandbox.botapi.context import HANDLERS, Context
from sandbox.botapi.decode import Raw, shape
from sandbox.botapi.errors import ApiError, not_emulated
from sandbox.botapi.faults import Fault
from sandbox.botapi.state import Bot, Json
from sandbox.botapi.strict import checked_params, method_models, reply_problem
from sandbox.botapi.world import World

__all__ = ["Cut", "Reply", "dispatch", "methods"]


class Cut(Exception):
    """The connection is to be cut without an answer."""


@dataclass(slots=True)
class Reply:
    """HTTP status and JSON body."""

    status: int
    body: Json


async def dispatch(world: World, bot: Bot, name: str, raw: Raw) -> Reply:
    """Answer one call. Raises Cut when a fault wants the connection cut."""
    model = method_models().get(name.lower())
    if model is None:
        return _refuse(ApiError(404, "Not Found: method not found"))
    call = Call(
        bot_id=bot.id, method=model.__api_method__, params=dict(raw.values), at=world.clock.now()
    )
    world.calls.append(call)
    try:
        call.params = shape(model, raw)
        world.feed.touch()
        call.params = checked_params(model, call.params, strict=world.config.strict)
        result = await _with_faults(world, bot, call, raw)
    except ApiError as error:
        call.outcome, call.code, call.result = "error", error.code, error.description
        return _refuse(error)
    except (Cut, asyncio.CancelledError):
        call.outcome = "lost"
        raise
    except Exception as error:
        call.outcome, call.code, call.result = "error", 500, repr(error)
        world.violations.append(f"{call.method} broke: {error!r}")
        raise
    finally:
        world.feed.touch()
    return _accept(world, call, result)


def _refuse(error: ApiError) -> Reply:
    return Reply(error.code, error.body())


def _accept(world: World, call: Call, result: Any) -> Reply:
    body = {"ok": True, "result": result}
    call.outcome, call.code, call.result = "ok", 200, result
    problem = reply_problem(method_models()[call.method.lower()], body)
    if problem and world.config.strict:
        world.violations.append(problem)
        return _refuse(ApiError(500, f"Internal Server Error: sandbox reply is wrong: {problem}"))
    return Reply(200, body)


async def _with_faults(world: World, bot: Bot, call: Call, raw: Raw) -> Any:
    fault = world.faults.take(bot.id, call.method, call.chat_id)
    if fault is None:
        return await _run(world, bot, call, raw)
    if fault.error is not None:
        await _delay(world, fault)
        raise fault.error
    if not fault.after:
        await _strike(world, fault)
    result = await _run(world, bot, call, raw)
    if fault.after:
        call.result = result
        world.feed.touch()
        await _strike(world, fault)
    return result


async def _delay(world: World, fault: Fault) -> None:
    if fault.delay:
        await world.clock.sleep_until(world.clock.now() + fault.delay)


async def _strike(world: World, fault: Fault) -> None:
    await _delay(world, fault)
    if fault.reset:
        raise Cut
    if fault.hang:
        await asyncio.Event().wait()


async def _run(world: World, bot: Bot, call: Call, raw: Raw) -> Any:
    handler = HANDLERS.get(call.method.lower())
    if handler is None:
        raise not_emulated(call.method)
    _spend(world, bot, call)
    context = Context(world=world, bot=bot, method=call.method, params=call.params, files=raw.files)
    result = handler(context)
    return await result if inspect.isawaitable(result) else result


def _spend(world: World, bot: Bot, call: Call) -> None:
    sends = call.method.startswith(("send", "copy", "forward")) and call.method != "sendChatAction"
    if world.config.rate_limits and sends and isinstance(call.chat_id, int):
        world.rates.spend(bot.id, call.chat_id)
