"""The house's rules that tools and counting can check."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.contracts.house import BESIDE, ROOMS, ROOT, Function, Module, everything, modules

LONGEST_MODULE, LONGEST_FUNCTION, MOST_PARAMETERS = 400, 60, 5
MEDIAN_MODULE, MEDIAN_FUNCTION = 80, 8
KINDS = {path.name for path in (ROOT / "channels").iterdir() if (path / "channel.py").is_file()}


def tool(*command: str) -> None:
    """Run a tool of this environment; its complaints are the failure."""
    program = Path(sys.executable).with_name(command[0])
    result = subprocess.run(
        [str(program), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode:
        pytest.fail(f"{' '.join(command)}\n{result.stdout[-6000:]}{result.stderr[-2000:]}", False)


def test_doors_open_one_way() -> None:
    tool("lint-imports", "--no-cache")


def test_ruff_has_nothing_to_say() -> None:
    tool("ruff", "check", "--output-format", "concise", *ROOMS, *BESIDE)


def test_everything_is_formatted() -> None:
    tool("ruff", "format", "--check", *ROOMS, *BESIDE)


def test_types_are_strict() -> None:
    tool("mypy", *ROOMS, *BESIDE)


def test_every_module_says_what_it_owns() -> None:
    silent = [one.name for one in everything() if one.text.strip() and not docstring(one)]
    assert silent == []


def docstring(module: Module) -> str:
    return (ast.get_docstring(module.tree) or "").strip()


def test_modules_are_short() -> None:
    lengths = [one.lines for one in modules() if one.text.strip()]
    print(f"modules: {len(lengths)}, median {median(lengths)} lines")  # noqa: T201 - a figure
    assert {one.name: one.lines for one in everything() if one.lines > LONGEST_MODULE} == {}
    assert median(lengths) <= MEDIAN_MODULE


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_functions_are_short() -> None:
    lengths = [length(function) for one in modules() for function in one.functions()]
    print(f"functions: {len(lengths)}, median {median(lengths)} lines")  # noqa: T201 - a figure
    long = [
        f"{one.at(function)} {function.name}: {length(function)} lines"
        for one in everything()
        for function in one.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    assert long == []
    assert median(lengths) <= MEDIAN_FUNCTION


def parameters(function: Function) -> list[str]:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return [name for name in names if name not in {"self", "cls"}]


def test_functions_take_few_things() -> None:
    """Keyword-only fields of commands' forms count, too: group them in a model."""
    greedy = [
        f"{one.at(function)} {function.name}: {len(parameters(function))} parameters"
        for one in modules()
        for function in one.functions()
        if len(parameters(function)) > MOST_PARAMETERS
    ]
    assert greedy == []


def compared(tree: ast.AST) -> Iterator[ast.Constant]:
    """Literals that something is compared with."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.MatchValue):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Constant):
                    yield inner


def test_nobody_asks_for_a_channels_name() -> None:
    """What channels can do is data (Capabilities), not a branch on their kind."""
    assert len(KINDS) > 1
    asking = [
        f"{one.at(literal)} asks for {literal.value!r}"
        for one in modules()
        for literal in compared(one.tree)
        if literal.value in KINDS and not one.name.startswith(f"channels/{literal.value}/")
    ]
    assert asking == []


def naps(module: Module) -> Iterator[ast.Call]:
    """Sleeps for a time; `sleep(0)` only lets others run."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr == "sleep" and node.args:
            nap = node.args[0]
            if not (isinstance(nap, ast.Constant) and nap.value == 0):
                yield node


def test_tests_wait_for_conditions_not_for_time() -> None:
    allowed = {"tests/waiting.py"}
    napping = [
        one.at(nap)
        for one in modules("tests")
        if one.name not in allowed
        for nap in naps(one)
        if Path(one.name).name.startswith("test_")
    ]
    assert napping == []


def test_no_assertion_hides_a_timeout() -> None:
    """A wait inside an assert reads as a fact and fails as a stack of time-outs."""
    hidden = [
        one.at(node)
        for one in modules("tests")
        for node in ast.walk(one.tree)
        if isinstance(node, ast.Assert)
        for inner in ast.walk(node.test)
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr in {"wait_for", "timeout"}
    ]
    assert hidden == []
