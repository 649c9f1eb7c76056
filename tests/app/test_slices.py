"""A process of any role knows every command: REST must not depend on which screens are loaded."""

from __future__ import annotations

import ast
import subprocess
import sys

from tests.contracts.house import ROOT

WEB = """
from app.hub import Hub
from app.settings import Settings
Hub(Settings(_env_file=None), ("web",))
from crm_core.kernel.commands import all_commands
print(*all_commands(), sep="\\n")
"""


def written() -> set[str]:
    """Names of all commands in the sources of the domain."""
    return {
        str(decorator.args[0].value)
        for path in (ROOT / "crm_core").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.AsyncFunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and getattr(decorator.func, "id", "") == "command"
        and isinstance(decorator.args[0], ast.Constant)
    }


def test_a_web_process_knows_every_command() -> None:
    found = subprocess.run(
        [sys.executable, "-c", WEB], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(found.stdout.split()) == written()
    assert "client.merge" in written()
