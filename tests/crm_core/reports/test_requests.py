"""Reports about requests, counted by hand on a small month, under every right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import crm_core.reports.commands  # noqa: F401 - registers the commands
from crm_core.kernel import commands
from crm_core.kernel.actors import SYSTEM, Actor, Role
from crm_core.kernel.errors import Forbidden, Invalid, NotFound
from tests import factories
from tests.factories_reports import past_request

pytestmark = pytest.mark.usefixtures("opened")
START = datetime(2026, 11, 2, 7, tzinfo=UTC)
NOVEMBER = {"since": "2026-11-01", "until": "2026-11-30"}


async def month() -> tuple[Actor, Actor, Actor]:
    """Anna: two of the site (one late), one spam of Roistat. Boris: one of each. One waits."""
    queue = await factories.queue()
    anna = await factories.employee("Анна")
    boris = await factories.employee("Борис", role=Role.OPERATOR)
    head = await factories.employee("Вера", role=Role.HEAD)
    done: dict[str, Any] = {"state": "done", "outcome": "client", "queue": queue}
    spam: dict[str, Any] = {"state": "rejected", "reason": "Spam", "queue": queue}
    at = (START + timedelta(hours=number) for number in range(20))
    await past_request(next(at), who=anna.id, took=(10, 20, 60), late='["answer"]', **done)
    await past_request(next(at), who=anna.id, took=(20, 40, 120), **done)
    await past_request(next(at), "Roistat", who=anna.id, took=(2, None, 2), **spam)
    await past_request(next(at), who=boris.id, took=(30, 60, 90), **done)
    await past_request(next(at), "Roistat", who=boris.id, took=(4, None, 4), **spam)
    far: dict[str, Any] = {**spam, "reason": "Далеко", "queue": None}
    await past_request(next(at), "Roistat", who=boris.id, took=(6, None, 6), **far)
    await past_request(next(at), queue=queue)
    await past_request(START - timedelta(days=40), who=anna.id, took=(600, 600, 600), **done)
    return anna, boris, head


async def run(actor: Actor, report: str, **parameters: Any) -> dict[str, Any]:
    arguments = {"report": report, "parameters": NOVEMBER | parameters}
    found: dict[str, Any] = await commands.run(actor, "report.run", arguments)
    return found


def rows(found: dict[str, Any], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[one] for one in columns) for row in found["rows"]]


async def test_requests_by_source_with_mean_and_worst_times() -> None:
    _anna, _boris, head = await month()
    found = await run(head, "req")
    assert rows(found, "source", "n", "late") == [("Сайт", 4, 1), ("Roistat", 3, 0)]
    site = found["rows"][0]
    assert (site["accept"], site["accept_worst"]) == (600, 900), "working time is half of it"
    assert (site["accept_clock"], site["accept_clock_worst"]) == (1200, 1800)
    assert (site["answer_clock"], site["answer_clock_worst"]) == (2400, 3600)
    assert (site["close_clock"], site["close_clock_worst"]) == (5400, 7200)
    assert found["total"]["n"] == 7
    assert found["total"]["accept_clock"] == 72 / 6 * 60, "the mean of all, not of the means"


async def test_requests_by_manager_by_outcome_and_in_detail() -> None:
    _anna, _boris, head = await month()
    found = await run(head, "req", cut="m")
    assert rows(found, "manager", "n") == [("Анна", 3), ("Борис", 3), ("пока никого", 1)]
    found = await run(head, "req", cut="o")
    assert {row["row"][0]: row["n"] for row in found["rows"]} == {
        "client": 3,
        "rejected": 3,
        "new": 1,
    }
    found = await run(head, "req", cut="a")
    assert ["Roistat", "2", "rejected"] in [row["row"] for row in found["rows"]]
    assert sum(row["n"] for row in found["rows"]) == 7


async def test_reasons_of_rejections_with_their_share_of_all() -> None:
    _anna, boris, head = await month()
    found = await run(head, "rej")
    assert rows(found, "reason", "n") == [("Спам", 2), ("Далеко", 1)]
    assert found["rows"][0]["share"] == pytest.approx(2 / 7)
    assert found["rows"][0]["part"] == pytest.approx(2 / 3)
    assert found["total"]["share"] == pytest.approx(3 / 7)
    found = await run(head, "rej", employees=[boris.id], cut="a")
    assert rows(found, "reason", "source", "manager", "n") == [
        ("Далеко", "Roistat", "Борис", 1),
        ("Спам", "Roistat", "Борис", 1),
    ]
    assert found["rows"][0]["share"] == pytest.approx(1 / 3), "of Boris' requests"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OPERATOR])
async def test_who_may_not_see_all_gets_their_own(role: Role) -> None:
    anna, boris, _head = await month()
    me = anna if role is Role.MANAGER else boris
    for report in ("req", "rej"):
        found = await run(me, report, cut="m")
        assert {row["row"][0] for row in found["rows"]} == {str(me.id)}
    other = boris if me is anna else anna
    with pytest.raises(Forbidden, match="your own figures"):
        await run(me, "req", employees=[other.id])
    arguments = {"report": "req", "parameters": {**NOVEMBER, "cut": "m"}}
    arguments["number"] = {"row": [str(other.id)]}
    assert (await commands.run(me, "report.items", arguments))["total"] == 0


async def test_narrowed_by_source_and_queue() -> None:
    _anna, _boris, head = await month()
    found = await run(head, "req", source="Roistat", cut="m")
    assert rows(found, "manager", "n") == [("Борис", 2), ("Анна", 1)]
    assert (await run(head, "req", queue_id=1))["total"]["n"] == 6


async def test_behind_every_number_are_as_many_items() -> None:
    _anna, _boris, head = await month()
    for report, cuts in (("req", "smoa"), ("rej", "rsma")):
        for cut in cuts:
            parameters = {**NOVEMBER, "cut": cut}
            found = await run(head, report, cut=cut)
            for row in found["rows"]:
                arguments = {"report": report, "parameters": parameters}
                arguments["number"] = {"row": row["row"]}
                behind = await commands.run(head, "report.items", arguments)
                assert behind["total"] == len(behind["items"]) == row["n"]
    arguments = {"report": "req", "parameters": NOVEMBER, "number": {"column": "late"}}
    late = await commands.run(head, "report.items", arguments)
    assert [(one["kind"], one["title"]) for one in late["items"]] == [("request", "Олег Петров")]


async def test_nothing_in_the_period() -> None:
    await month()
    found = await run(SYSTEM, "req", since="2020-01-01", until="2020-01-31")
    assert (found["rows"], found["total"]) == ([], None)
    found = await run(SYSTEM, "rej", since="2020-01-01", until="2020-01-31")
    assert (found["rows"], found["total"]) == ([], None)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"cut": "x"}, "can't be grouped by x. Known: s"),
        ({"since": "2026-11-30", "until": "2026-11-01"}, "ends before it begins"),
        ({"since": "2020-01-01", "until": "2026-11-01"}, "three years at most"),
        ({"since": None, "until": "2026-11-01"}, "from which day"),
        ({"period": "epoch"}, "period"),
    ],
)
async def test_wrong_parameters_are_said(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        await run(SYSTEM, "req", **parameters)


async def test_unknown_reports_columns_and_bounds() -> None:
    with pytest.raises(NotFound, match=r"no report sales\. Known: call, rej, req, work"):
        await run(SYSTEM, "sales")
    with pytest.raises(Invalid, match="can't be narrowed by source"):
        await run(SYSTEM, "work", source="Сайт")
    wrong = {"report": "req", "number": {"column": "profit"}}
    with pytest.raises(Invalid, match="no column profit"):
        await commands.run(SYSTEM, "report.items", wrong)
