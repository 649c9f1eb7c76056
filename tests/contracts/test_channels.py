"""Every folder of `channels/` keeps the contract: files, class, settings, texts, fixtures."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest
from pydantic import BaseModel, SecretStr

import channels
from channels import registry
from crm_core.dialogs.messages import (
    FILE_KINDS,
    Capabilities,
    ContactCard,
    InboundEvent,
    Kind,
    Location,
    OutFile,
)
from crm_core.dialogs.split import Content, parts_of
from crm_core.kernel.errors import NotFound
from routing.contracts import Channel, Pacing

ROOT = Path(channels.__path__[0])
FIXTURES = Path(__file__).parents[1] / "channels"
NAMES = [module.name for module in pkgutil.iter_modules(channels.__path__) if module.ispkg]
FILES = ["__init__.py", "channel.py", "parse.py", "render.py", "README.md"]
HEADINGS = ["What it does", "Set-up", "Limits", "What is not possible"]
SECRET_WORDS = re.compile(r"token|secret|password|api_key")
METHODS = {
    name: member
    for name, member in vars(Channel).items()
    if inspect.isfunction(member) or isinstance(member, staticmethod)
    if not name.startswith("_")
}
every_channel = pytest.mark.parametrize("name", NAMES)


def channel(name: str) -> type[Channel]:
    return registry.kind(name)


def test_the_registry_finds_every_folder_and_no_file() -> None:
    assert NAMES
    assert list(registry.names()) == sorted(NAMES)
    assert set(registry.kinds()) == set(NAMES)
    assert "registry" not in registry.names()


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"pigeon.*telegram"):
        registry.kind("pigeon")


@every_channel
def test_the_folder_has_its_files(name: str) -> None:
    assert [file for file in FILES if not (ROOT / name / file).is_file()] == []


@every_channel
def test_every_module_says_what_it_owns(name: str) -> None:
    modules = [path.stem for path in (ROOT / name).glob("*.py")]
    silent = [stem for stem in modules if not (_module(name, stem).__doc__ or "").strip()]
    assert silent == []


@every_channel
def test_the_readme_answers_the_same_questions(name: str) -> None:
    text = (ROOT / name / "README.md").read_text()
    assert re.findall(r"^## (.+)$", text, re.MULTILINE)[: len(HEADINGS)] == HEADINGS
    sections = re.split(r"^## .+$", text, flags=re.MULTILINE)
    assert all(section.strip() for section in sections)


@every_channel
def test_the_class_carries_its_facts(name: str) -> None:
    kind = channel(name)
    assert name == kind.KIND
    assert kind.TITLE.strip()
    assert issubclass(kind.Config, BaseModel)
    assert isinstance(kind.CAPABILITIES, Capabilities)
    assert isinstance(kind.PACING, Pacing)
    assert registry.capabilities(name) is kind.CAPABILITIES


@every_channel
@pytest.mark.parametrize("method", sorted(METHODS))
def test_methods_have_the_shape_of_the_contract(name: str, method: str) -> None:
    ours, theirs = vars(channel(name))[method], METHODS[method]
    assert isinstance(ours, staticmethod) == isinstance(theirs, staticmethod)
    assert _parameters(ours) == _parameters(theirs)
    assert _hints(ours) == _hints(theirs)
    assert _is_awaited(ours) == _is_awaited(theirs)


@every_channel
def test_limits_are_sensible(name: str) -> None:
    caps, pacing = channel(name).CAPABILITIES, channel(name).PACING
    assert caps.text_limit >= 2
    assert caps.caption_limit >= 0
    assert caps.album_max >= 1
    assert caps.file_limit > 0
    assert Kind.TEXT in caps.kinds
    assert Kind.UNSUPPORTED not in caps.kinds
    assert min(pacing.rate, pacing.burst, pacing.chat_rate, pacing.chat_burst) > 0


@every_channel
def test_settings_make_a_form_and_secrets_are_secret(name: str) -> None:
    config = channel(name).Config
    schema = config.model_json_schema()
    assert json.loads(json.dumps(schema)) == schema
    for field, info in config.model_fields.items():
        assert info.title or info.description, f"{field} has no words for the form"
        if SECRET_WORDS.search(field):
            assert info.annotation in (SecretStr, SecretStr | None), f"{field} is shown in the open"


@every_channel
def test_settings_refuse_unknown_names(name: str) -> None:
    with pytest.raises(ValueError, match="no_such_setting"):
        channel(name).Config.model_validate({"no_such_setting": 1})


@every_channel
def test_fixtures_parse(name: str) -> None:
    fixtures = sorted((FIXTURES / name / "fixtures").glob("*.json"))
    assert fixtures, f"tests/channels/{name}/fixtures has no payloads"
    parsed = [list(channel(name).parse(json.loads(path.read_text()))) for path in fixtures]
    assert any(parsed)
    assert all(isinstance(event, InboundEvent) for events in parsed for event in events)


@every_channel
@pytest.mark.parametrize("body", [{}, {"nonsense": True}, {"type": 7}])
def test_a_malformed_body_is_a_value_error_or_nothing(name: str, body: dict[str, Any]) -> None:
    try:
        assert list(channel(name).parse(body)) == []
    except ValueError:
        return


@every_channel
@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.UNSUPPORTED}))
def test_every_kind_is_carried_or_falls_back(name: str, kind: Kind) -> None:
    caps = channel(name).CAPABILITIES
    parts = parts_of(content(kind), caps, key="k")
    assert parts, f"{kind} vanished"
    assert {part.kind for part in parts} <= caps.kinds
    carried = [file for part in parts for file in part.files]
    if kind in FILE_KINDS and caps.kinds & {kind, Kind.DOCUMENT}:
        assert len(carried) == 1


@every_channel
def test_other_rooms_do_not_name_the_channel(name: str) -> None:
    """Nobody asks for a channel's name: capabilities are data."""
    asks = re.compile(rf"""(kind|KIND|channel)\s*(==|!=|in)\s*[\[({{]?\s*["']{name}["']""")
    found = [
        str(path.relative_to(ROOT.parent))
        for room in ("crm_core", "routing", "bot", "admin_web", "channels")
        for path in (ROOT.parent / room).rglob("*.py")
        if ROOT / name not in path.parents and asks.search(path.read_text())
    ]
    assert found == []


def content(kind: Kind) -> Content:
    """Something of this kind to send."""
    if kind is Kind.TEXT:
        return Content(text="Здравствуйте")
    if kind is Kind.CONTACT:
        return Content(contact=ContactCard(phone="+79990000001", name="Анна"))
    if kind is Kind.LOCATION:
        return Content(location=Location(latitude=55.75, longitude=37.61))
    file = OutFile(kind=kind, path="/store/f", name="файл", mime="a/b", size=1)
    return Content(files=(file,))


def _module(name: str, stem: str) -> ModuleType:
    package = f"channels.{name}"
    return importlib.import_module(package if stem == "__init__" else f"{package}.{stem}")


def _plain(member: Any) -> Any:
    return member.__func__ if isinstance(member, staticmethod) else member


def _parameters(member: Any) -> list[str]:
    return list(inspect.signature(_plain(member)).parameters)


def _hints(member: Any) -> dict[str, Any]:
    return get_type_hints(_plain(member))


def _is_awaited(member: Any) -> bool:
    return inspect.iscoroutinefunction(_plain(member))
