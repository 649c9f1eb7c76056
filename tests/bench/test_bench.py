"""The bench itself: every section runs and counts what it claims; no figure is judged here."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from app.cli import bench as command
from bench import intake, mail, rings, seed, volume
from bench.figures import Figure, percentile
from bench.ground import ground
from bench.report import Report
from bench.run import Plan, measure
from bench.wire import arrivals
from crm_core.clients.queries import search
from crm_core.clients.rules import fold, normalize_phone
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.errors import Invalid

TINY = Plan(
    effort=intake.Effort(seconds=0.3, rounds=1, clients=4),
    volume=volume.Volume(clients=300, messages=1200),
    size=seed.Size(managers=4, bots=2, dialogs=2),
    starts=1,
    mail=mail.Size(mails=120, floor=50),
    rings=rings.Size(seconds=1.0, together=5, rounds=2),
)


async def test_whole_run_reports_every_section() -> None:
    said: list[str] = []

    found = await measure(TINY, said.append)

    data = orjson.loads(found.json())
    sections = ["a", "b", "c", "d", "e", "f", "g", "h", "mail"]
    assert list(data["foreign_cpu_percent"]) == sections
    assert {one["section"] for one in data["figures"]} == set(sections)
    assert all(one["median"] > 0 for one in data["figures"])
    assert "against the floor" in found.text()


async def test_generated_base_is_what_the_product_would_have_written() -> None:
    async with ground() as here:
        dsn = await here.database("made")
        await volume.generate(dsn, volume.Volume(clients=200, messages=1000))
        async with seed.kernel(dsn):
            rows = await db.fetch("SELECT name, folded FROM client")
            phone = await db.fetchval("SELECT value FROM contact_point WHERE client_id = 77")
            found = await search(SYSTEM, phone)
            counts = await db.fetchrow(COUNTS)
            missing = await db.fetchval(UNLEARNT)
    assert len(rows) == 200
    assert all(fold(row["name"]) == row["folded"] for row in rows)
    assert normalize_phone(phone) == phone
    assert [one.id for one in found] == [77]
    assert dict(counts or {}) == {"messages": 1000, "refs": 1000, "indexes": True}
    assert missing == 0


COUNTS = """
SELECT (SELECT count(*) FROM message) AS messages, (SELECT count(*) FROM message_ref) AS refs,
  to_regclass('message_ref_once') IS NOT NULL
    AND to_regclass('message_words') IS NOT NULL AS indexes
"""
UNLEARNT = """
SELECT count(*) FROM (SELECT unnest(string_to_array(folded, ' ')) AS word FROM client) w
WHERE NOT EXISTS (SELECT 1 FROM client_word k WHERE k.word = w.word)
"""


@pytest.mark.parametrize(
    ("values", "goal", "more", "verdict"),
    [
        ((10.0, 30.0, 20.0), 20.0, False, "ok"),
        ((10.0, 30.0, 21.0), 20.0, False, "FALLS SHORT"),
        ((0.9, 1.1, 1.2), 1.0, True, "ok"),
        ((0.9, 0.8, 1.2), 1.0, True, "FALLS SHORT"),
    ],
)
def test_median_decides(values: tuple[float, ...], goal: float, more: bool, verdict: str) -> None:
    figure = Figure(section="a", what="x", values=values, unit="ms", goal=goal, more=more)
    assert figure.verdict == verdict
    text = Report({"cpu": "none"}, [figure]).text()
    assert ("FALLS SHORT" in text) == (verdict == "FALLS SHORT")


def test_percentile_is_the_nearest_rank() -> None:
    assert percentile(range(1, 101), 0.99) == 100
    assert percentile([5.0], 0.5) == 5.0


def test_arrivals_keep_their_rate() -> None:
    assert 900 < len(arrivals(100, 10)) < 1100


def test_unknown_section_is_refused_in_one_line() -> None:
    with pytest.raises(Invalid, match="There is no section z"):
        command._sections("a,z", ("a", "b"))
    assert command._sections("b", ("a", "b")) == ("b",)


def test_event_loop_is_not_needed_to_build_the_parser() -> None:
    import argparse

    parser = argparse.ArgumentParser()
    command.arguments(parser)
    assert parser.parse_args(["--json", "--seconds", "2"]).seconds == 2
    assert asyncio.iscoroutinefunction(command.run)
