"""`pult export`: every row, both formats, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import orjson
import pytest

from app.exporting import export
from crm_core.clients import export as client_rows
from crm_core.clients import merging
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from crm_core.kernel.cells import safe_cell
from crm_core.kernel.errors import Invalid
from tests.crm_core.clients import people


async def _exported(what: str, fmt: str) -> tuple[int, bytes]:
    out = io.BytesIO()
    return await export(what, fmt, out), out.getvalue()


def _rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def test_clients_with_their_contacts(opened: str) -> None:
    one = await people.client('Пётр "Ёж"; Ко', phone="+79123456789", email="a@b.ru")
    await people.contact(one, "phone", "+79123456780")
    await people.identity(one, await people.channel("Сайт"), "ezh")
    gone = await people.client("Ушедший")
    await merging.merge(SYSTEM, kept_id=one, gone_id=gone)
    count, content = await _exported("clients", "csv")
    (row,) = _rows(content)
    assert count == 1
    assert (row["name"], row["emails"]) == ('Пётр "Ёж"; Ко', "a@b.ru")
    assert row["phones"] == "+79123456789; +79123456780"
    assert row["channels"] == "Сайт: @ezh"
    _, lines = await _exported("clients", "jsonl")
    assert orjson.loads(lines)["phones"] == ["+79123456789", "+79123456780"]


async def test_messages_in_both_formats_agree(opened: str) -> None:
    dialog = await people.dialog(
        await people.identity(await people.client("Пётр"), await people.channel())
    )
    texts = ["=HYPERLINK(1)", "две\nстроки", "обычный, с запятой", ""]
    for text in texts:
        await people.message(dialog, text)
    count, content = await _exported("messages", "csv")
    assert count == 4
    assert [row["text"] for row in _rows(content)] == ["'=HYPERLINK(1)", *texts[1:]]
    assert _rows(content)[0]["at"].endswith("Z")
    _, lines = await _exported("messages", "jsonl")
    assert [orjson.loads(line)["text"] for line in lines.splitlines()] == texts


async def test_no_row_is_lost_between_pages(opened: str) -> None:
    many = client_rows.PAGE * 2 + 3
    await db.execute(
        "INSERT INTO client (name, folded) SELECT 'К' || n, 'к' || n FROM generate_series(1, $1) n",
        many,
    )
    count, content = await _exported("clients", "csv")
    assert count == len({row["id"] for row in _rows(content)}) == many


async def test_an_empty_base_has_a_head(opened: str) -> None:
    count, content = await _exported("messages", "csv")
    assert count == 0
    assert content.decode("utf-8-sig").startswith("id,dialog_id")
    assert await _exported("messages", "jsonl") == (0, b"")


@pytest.mark.parametrize(("what", "fmt"), [("deals", "csv"), ("clients", "xlsx")])
async def test_unknown_things_are_refused(what: str, fmt: str) -> None:
    with pytest.raises(Invalid, match="take"):
        await _exported(what, fmt)


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_disarmed(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+79123456789", "-5", "a=1", "", "текст"])
def test_harmless_cells_stay(text: str) -> None:
    assert safe_cell(text) == text
