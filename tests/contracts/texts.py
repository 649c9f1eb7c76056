"""What the code says to people: marked texts and refusals, found in the syntax trees."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.contracts.house import ROOT, Module, modules

MARKS = {"_", "N_", "gettext", "mark", "lazy_gettext", "__"}
PLURALS = {"ngettext", "n_"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%[sdf]|\{(\w*)[^{}]*\}")
Text = str | tuple[str, str]


def literal(node: ast.expr, names: dict[str, str]) -> str | None:
    """A text as written in the code, directly or by a name given to it in this module."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Call) and called(node) in MARKS and node.args:
        return literal(node.args[0], names)
    return None


def called(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@cache
def refusals() -> frozenset[str]:
    """Names of CrmError and of everything that descends from it."""
    classes = [
        node for one in modules() for node in ast.walk(one.tree) if isinstance(node, ast.ClassDef)
    ]
    found = {"CrmError"}
    while more := {
        node.name
        for node in classes
        if node.name not in found and found & {_name(base) for base in node.bases}
    }:
        found |= more
    return frozenset(found)


def _name(base: ast.expr) -> str:
    return base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")


def said(module: Module) -> Iterator[Text]:
    """Every text of a module that a person may read in their language."""
    told = frozenset() if module.room == "app" else refusals()  # the command line is English
    for scope in (module.tree, *module.functions()):
        names = _assigned(scope)
        for node in _own(scope):
            if isinstance(node, ast.Call):
                yield from _texts(node, names, told)


def _own(scope: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Nodes of a scope without those of the functions inside of it."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend(ast.iter_child_nodes(node))
        else:
            waiting.extend((*node.decorator_list, *node.args.defaults))


def _assigned(scope: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in _own(scope)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _texts(node: ast.Call, names: dict[str, str], told: frozenset[str]) -> Iterator[Text]:
    name = called(node)
    if name in PLURALS and len(node.args) >= 2:
        singular, plural = (literal(one, names) for one in node.args[:2])
        if singular and plural:
            yield singular, plural
    elif name in MARKS | told and node.args:
        text = literal(node.args[0], names)
        if text:
            yield text


def said_in_templates(room: str) -> Iterator[Text]:
    for path in sorted((ROOT / room).rglob("*.html")):
        source = io.BytesIO(path.read_bytes())
        for _line, text, _comments, _context in extract("jinja2.ext:babel_extract", source):
            yield text if isinstance(text, str) else (str(text[0]), str(text[1]))


@cache
def texts(room: str) -> frozenset[Text]:
    """Everything a room says."""
    spoken = [text for one in modules(room) for text in said(one)]
    return frozenset([*spoken, *said_in_templates(room)])


@cache
def catalogues() -> dict[Path, Catalog]:
    """All Russian catalogues by their path from the root."""
    found: dict[Path, Catalog] = {}
    for path in sorted(ROOT.glob("[a-z]*/**/locales/ru.po")):
        with path.open("rb") as source:
            found[path.relative_to(ROOT)] = read_po(source, locale="ru")
    return found


def messages(room: str | None = None) -> Iterator[tuple[Path, Message]]:
    for path, catalogue in catalogues().items():
        if room in {None, path.parts[0]}:
            yield from ((path, one) for one in catalogue if one.id)


def key(message: Message) -> Text:
    found = message.id
    return found if isinstance(found, str) else (str(found[0]), str(found[1]))


def strings(message: Message) -> Iterable[str]:
    """The translations of a message: one, or one per plural form."""
    found = message.string or ""
    return [found] if isinstance(found, str) else list(found)


def placeholders(text: str) -> set[str]:
    return {found[0] for found in PLACEHOLDER.finditer(text.replace("%%", ""))}
