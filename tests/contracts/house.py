"""The house's files as syntax trees, for contracts over all of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = tuple(
    room
    for room in (
        "app",
        "bot",
        "admin_web",
        "sandbox",
        "channels",
        "telephony",
        "routing",
        "crm_core",
    )
    if (ROOT / room).is_dir()
)
BESIDE = tuple(name for name in ("tests", "bench", "scripts") if (ROOT / name).is_dir())
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file: `name` is its path from the root."""

    name: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def room(self) -> str:
        return self.name.split("/", 1)[0]

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def at(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.name}:{node.lineno}"


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """All modules of these folders (by default: of the rooms) but migrations, which are made."""
    paths = sorted(path for folder in folders or ROOMS for path in (ROOT / folder).rglob("*.py"))
    return tuple(_module(path) for path in paths if "migrations" not in path.parts)


def _module(path: Path) -> Module:
    text = path.read_text("utf-8")
    return Module(str(path.relative_to(ROOT)), text, ast.parse(text))


def everything() -> tuple[Module, ...]:
    return modules(*ROOMS, *BESIDE)
