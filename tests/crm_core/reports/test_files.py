"""Files of reports: typed cells, no formulas of strangers, pages, pictures that fit."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from crm_core.kernel import i18n
from crm_core.reports import registry
from crm_core.reports.definition import Scope
from crm_core.reports.files.csvfile import csv_file
from crm_core.reports.files.pdf import pdf_file
from crm_core.reports.files.picture import bars_of, picture
from crm_core.reports.files.xlsx import xlsx_file
from crm_core.reports.periods import of_preset
from crm_core.reports.running import Line, Table
from crm_core.reports.texts import clock, period, short

EVIL = '=HYPERLINK("http://evil";"Сайт")'
NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture(autouse=True)
def russian() -> Iterator[None]:
    with i18n.using("ru"):
        yield


def table(*names: str, cut: str = "s") -> Table:
    """An analysis of requests with a row for each name."""
    report = registry.find("req")
    found = report.cut(cut)
    assert found is not None
    values = {one.key: 90.0 if one.kind == "duration" else 7 for one in report.columns}
    dimensions = report.by(found)
    lines = [
        Line(key=(name,) * len(dimensions), labels=(name,) * len(dimensions), values=values)
        for name in names
    ]
    return Table(
        report=report,
        scope=Scope(
            since=datetime(2026, 10, 31, 21, tzinfo=UTC),
            until=datetime(2026, 11, 30, 21, tzinfo=UTC),
            timezone="Europe/Moscow",
            cut=found,
        ),
        dimensions=tuple(dimensions),
        lines=tuple(lines),
        total=Line(key=(None,) * len(dimensions), labels=("",) * len(dimensions), values=values),
        bounds=("Анна",),
    )


def test_csv_for_a_russian_spreadsheet() -> None:
    body = csv_file(table(EVIL, "Сайт; телефон"))
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:3] == ["Источник", "Обращения", "Срок нарушен"]
    assert rows[1][0] == "'" + EVIL, "no program runs it"
    assert rows[2][:2] == ["Сайт; телефон", "7"]
    assert rows[2][3] == "0:01:30"
    assert rows[-1][0] == "Итого"


def cells(body: bytes) -> tuple[str, dict[str, tuple[str | None, str]]]:
    """The sheet's XML, and of every cell its type and value."""
    book = zipfile.ZipFile(io.BytesIO(body))
    xml = book.read("xl/worksheets/sheet1.xml").decode()
    strings = [
        "".join(one.itertext())
        for one in ET.fromstring(book.read("xl/sharedStrings.xml")).findall("s:si", NS)  # noqa: S314 - ours
    ]
    found = {}
    for cell in ET.fromstring(xml).iter(f"{{{NS['s']}}}c"):  # noqa: S314 - ours
        value, kind = cell.findtext("s:v", "", NS), cell.get("t")
        said = strings[int(value)] if kind == "s" else value
        found[str(cell.get("r"))] = (kind, said)
    return xml, found


def test_xlsx_has_typed_cells_and_a_head_that_stays() -> None:
    xml, found = cells(xlsx_file(table(EVIL, "Сайт")))
    assert found["A1"][1] == "Анализ обращений по источникам"
    assert "ноябрь 2026 · Анна" in found["A2"][1]
    assert found["A5"] == ("s", EVIL), "a text, not a formula"
    assert found["B5"] == (None, "7")
    assert float(found["D5"][1]) == pytest.approx(90 / 86400), "a duration, not a text"
    assert found["A7"][1] == "Итого"
    assert "<f>" not in xml
    assert 'topLeftCell="B5"' in xml and 'state="frozen"' in xml


def test_pdf_has_numbered_pages_and_cyrillic() -> None:
    body = pdf_file(table(*(f"Источник {number}" for number in range(200))))
    pages = len(re.findall(rb"/Type /Page\b(?!s)", body))
    assert pages > 3
    assert b"DejaVuSans" in body
    assert len(pdf_file(table("<b>Сайт</b> & другие"))) > 1000, "no markup of strangers"


def test_pictures_are_wide_enough_and_not_too_long() -> None:
    for cut, names in (("s", 1), ("s", 40), ("s", 300), ("a", 300)):
        image = Image.open(io.BytesIO(picture(table(*map(str, range(names)), cut=cut))))
        assert image.width == 1280
        assert image.width + image.height < 10_000, "Telegram takes no more"
    assert picture(table("$x$ 🌸 " * 30))


def test_beyond_forty_rows_the_rest_is_one() -> None:
    bars = bars_of(table(*map(str, range(50))))
    assert (len(bars), bars[-1].name, bars[-1].whole) == (40, "ещё 11", 77)
    assert len(bars_of(table(*map(str, range(40))))) == 40


def test_numbers_and_periods_as_people_read_them() -> None:
    today = datetime(2026, 11, 22, tzinfo=UTC).date()
    assert clock(3 * 3600 + 5 * 60 + 7) == "3:05:07"
    assert [short(value, "duration") for value in (45, 720, 11_100, None)] == [
        "45с",
        "12м",
        "3ч05",
        "—",
    ]
    assert short(0.125, "percent") == "12,5%"
    assert period(of_preset("this_month", today)) == "ноябрь 2026"
    assert period(of_preset("year", today)) == "2026"
    assert period(of_preset("today", today)) == "22 ноября 2026"
    assert period(of_preset("this_week", today)) == "16 нояб. – 22 нояб. 2026"


def test_nothing_heavy_is_loaded_before_somebody_draws() -> None:
    code = (
        "import sys; from crm_core import slices; slices.load()\n"
        "from crm_core.reports import registry; registry.reports()\n"
        "print(*{'matplotlib', 'numpy', 'reportlab', 'xlsxwriter'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""
