"""Tasks are started by the supervisor or by groups that wait for them, never let go."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.contracts.house import Module, everything

STARTERS = {"create_task", "ensure_future"}
# The sandbox is a server of its own and knows nothing of the kernel.
ALLOWED = {"crm_core/kernel/supervisor.py", "sandbox/botapi/background.py"}
LOOPS = {"get_running_loop", "get_event_loop", "new_event_loop"}


def detached(module: Module) -> Iterator[ast.expr]:
    """Calls that start a task nobody waits for; a group's `create_task` is not one."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "asyncio":
            yield from (
                ast.Name(one.name, lineno=node.lineno) for one in node.names if one.name in STARTERS
            )
        if isinstance(node, ast.Attribute) and node.attr in STARTERS and _is_loop(node.value):
            yield node


def _is_loop(owner: ast.expr) -> bool:
    if isinstance(owner, ast.Call):
        called = owner.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return name in LOOPS
    if isinstance(owner, ast.Attribute):
        return owner.attr in {"loop", "_loop"}
    return isinstance(owner, ast.Name) and owner.id in {"asyncio", "loop"}


def test_no_task_is_let_go() -> None:
    found = [
        one.at(node) for one in everything() if one.name not in ALLOWED for node in detached(one)
    ]
    assert found == []


def test_the_rule_sees_what_it_forbids() -> None:
    text = (
        "import asyncio\n"
        "from asyncio import create_task\n"
        "asyncio.create_task(x())\n"
        "asyncio.get_running_loop().create_task(x())\n"
        "self.loop.create_task(x())\n"
        "asyncio.ensure_future(x())\n"
        "group.create_task(x())\n"
    )
    module = Module("x.py", text, ast.parse(text))
    assert sorted(node.lineno for node in detached(module)) == [2, 3, 4, 5, 6]
