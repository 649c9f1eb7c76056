"""A second opinion: a checker and a Bot API specification other people wrote, if at hand.

They are not part of this repository. Looked for in the folder `PULT_TEST_SAMPLES` names, else in
`../shared` beside the checkout.
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.botapi import World

CHECKOUT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("PULT_TEST_SAMPLES", CHECKOUT.parent / "shared")) / "emulators"
CHECKER = SAMPLES / "schemas" / "tg_check.py"
SPECIFICATION = SAMPLES / "data" / "bot-api" / "api.min.json"
# aiogram 3.31 knows Bot API 10.3 and asks for that field, the specification is of 10.1; the
# checker measures texts with their markup, the server without.
BESIDE_THE_POINT = ("can_send_welcome_messages: unknown field", "before entity parsing")
TRUTH = ("True", "Boolean")


@cache
def specification() -> Any:
    """The checker's `Spec` object, None where the samples are absent."""
    if not (CHECKER.exists() and SPECIFICATION.exists()):
        return None
    found = importlib.util.spec_from_file_location("tg_check", CHECKER)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the checker leaves its file open
        return module.Spec(str(SPECIFICATION))


def problems(world: World) -> list[str]:
    """What the specification dislikes about the accepted calls, the answers and the updates."""
    spec = specification()
    if spec is None:
        return []
    found: list[str] = []
    for call in world.calls:
        if call.outcome == "ok":
            method = spec.m[call.method.lower()]
            found += [f"{call.method}: {each}" for each in spec.check(call.method, call.params)]
            found += _reply_problems(spec, method, call.result)
    for queue in world.queues.values():
        for update in queue.sent:
            found += spec.check_object("Update", update.json())
    return [each for each in found if not any(known in each for known in BESIDE_THE_POINT)]


def _reply_problems(spec: Any, method: Any, result: Any) -> list[str]:
    if result is True:
        fits = any(each in TRUTH for each in method["returns"])
        return [] if fits else [f"{method['name']}: answered true"]
    problems: list[str] = []
    spec.val(
        [each for each in method["returns"] if each not in TRUTH], result, method["name"], problems
    )
    return problems
