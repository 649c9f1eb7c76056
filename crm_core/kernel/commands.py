"""Commands: one typed function is bot form, REST endpoint, assistant tool and help line.

    @command("dialog.reply", title=N_("Answer the client"), right=Right.DIALOG_WORK)
    async def reply(actor: Actor, *, dialog_id: int, text: str = "") -> Replied: ...

A command runs in one transaction and checks the actor's right before anything else.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import typing
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from crm_core.kernel import db, secrets
from crm_core.kernel.actors import Actor, Right
from crm_core.kernel.errors import Conflict, Invalid, Missing, NotFound

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Command:
    """A registered command: `arguments` validates, `title` is an English msgid."""

    name: str
    title: str
    right: Right
    arguments: type[BaseModel]
    function: Callable[..., Awaitable[Any]]
    summary: str


_commands: dict[str, Command] = {}


def command(
    name: str, *, title: str, right: Right
) -> Callable[
    [Callable[Concatenate[Actor, P], Coroutine[Any, Any, R]]],
    Callable[Concatenate[Actor, P], Coroutine[Any, Any, R]],
]:
    """Register a command; the decorated function keeps its signature."""

    def register(
        function: Callable[Concatenate[Actor, P], Coroutine[Any, Any, R]],
    ) -> Callable[Concatenate[Actor, P], Coroutine[Any, Any, R]]:
        @functools.wraps(function)
        async def run_command(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            actor.require(right)
            return await db.atomically(lambda: function(actor, *args, **kwargs))

        if name in _commands:
            message = f"command {name!r} is defined twice"
            raise ValueError(message)
        arguments = _arguments(name, function)
        summary = inspect.getdoc(function) or ""
        _commands[name] = Command(name, title, right, arguments, run_command, summary)
        return run_command

    return register


def _arguments(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    hints = typing.get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], default)
    title = "".join(part.title() for part in name.replace(".", "_").split("_"))
    return create_model(title, __config__=ConfigDict(extra="forbid"), **fields)


def all_commands() -> Mapping[str, Command]:
    """Every registered command by name (slices must have been imported)."""
    return dict(sorted(_commands.items()))


def find(name: str) -> Command:
    if name not in _commands:
        raise NotFound("There is no command %(name)s.", name=name)
    return _commands[name]


def arguments_of(name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Validated arguments; raises Missing for absent required ones, Invalid for wrong ones."""
    model = find(name).arguments
    try:
        parsed = model.model_validate(dict(raw))
    except ValidationError as error:
        raise _refusal(error) from None
    return {field: getattr(parsed, field) for field in model.model_fields}


def _refusal(error: ValidationError) -> Invalid | Missing:
    faults = error.errors(include_url=False, include_context=False)
    lacking = tuple(str(fault["loc"][0]) for fault in faults if fault["type"] == "missing")
    if lacking and len(lacking) == len(faults):
        names = ", ".join(lacking)
        return Missing("Not everything is filled in: %(names)s.", fields=lacking, names=names)
    text = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
    return Invalid("This can't be taken: %(faults)s.", faults=text)


async def run(actor: Actor, name: str, raw: Mapping[str, Any], *, key: str | None = None) -> Any:
    """Run a command by name; returns JSON-able data.

    With `key` a repeated call does nothing and returns the first outcome; the same key with
    another command is a Conflict.
    """
    actor.require(find(name).right)
    arguments = arguments_of(name, raw)
    if key is None:
        return plain(await find(name).function(actor, **arguments))
    return await once(f"{actor.key}:{key}", name, lambda: find(name).function(actor, **arguments))


LONGEST_KEY = 200
CLAIM_KEY = """
INSERT INTO command_key (key, command) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING
"""
KEEP_RESULT = "UPDATE command_key SET result = $2::jsonb WHERE key = $1"


async def once(key: str, name: str, act: Callable[[], Awaitable[Any]]) -> Any:
    """Do `act` at most once per key, in one transaction with the key; JSON-able outcome."""
    if len(key) > LONGEST_KEY:
        raise Invalid("The idempotency key is too long.")

    async def do() -> Any:
        if not await db.execute(CLAIM_KEY, key, name):
            return await _earlier(key, name)
        result = plain(await act())
        await db.execute(KEEP_RESULT, key, orjson.dumps(_sealed(result)).decode())
        return result

    return await db.atomically(do)


def _sealed(result: Any) -> str:
    """Outcomes may be secrets (tokens, log-in links) of which tables hold only hashes."""
    return secrets.encrypt(orjson.dumps(result).decode())


async def _earlier(key: str, name: str) -> Any:
    row = await db.fetchrow("SELECT command, result FROM command_key WHERE key = $1", key)
    if row is None or row["command"] != name:
        raise Conflict("This idempotency key was used for another command.")
    return orjson.loads(secrets.decrypt(orjson.loads(row["result"])))


def plain(value: Any) -> Any:
    """Dataclasses, models and enums as JSON-able data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    elif isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    return orjson.loads(orjson.dumps(value))
