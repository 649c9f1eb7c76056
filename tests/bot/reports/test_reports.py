"""Reports by buttons: chosen, shown as a picture with its table, opened, turned, exported."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from crm_core.kernel import clock, commands
from crm_core.kernel.actors import Role
from crm_core.kernel.errors import Missing
from sandbox.botapi.actor import Actor as Person
from sandbox.botapi.press import press_data
from sandbox.botapi.state import Message
from tests.bot.clients.scenes import fresh_home, press, row
from tests.bot.requests.scenes import arrives, kept
from tests.bot.rig import Rig, labels, ru
from tests.factories_reports import past_request

NOON = timedelta(hours=12)


def monday() -> datetime:
    """Noon in Moscow of the first Monday of last month: nobody's month is at its edge."""
    last = clock.now().astimezone(UTC).replace(day=1) - timedelta(days=1)
    day = last.replace(day=3, hour=9, minute=0, second=0, microsecond=0)
    return day + timedelta(days=(7 - day.weekday()) % 7)


async def company(rig: Rig) -> tuple[Person, Person]:
    """Anna has two of the site and a spam, Vera (the head) one of Roistat."""
    anna = await rig.employee("Анна", presence="off")
    vera = await rig.employee("Вера", role=Role.HEAD, presence="off")
    hers, heads = (await rig.actor(anna)).id, (await rig.actor(vera)).id
    done, spam = {"state": "done", "outcome": "client"}, {"state": "rejected", "reason": "Spam"}
    await past_request(monday(), who=hers, took=(10, 20, 60), late='["answer"]', **done)
    await past_request(monday() + NOON, who=hers, took=(20, 40, 120), **done)
    await past_request(monday(), "Roistat", who=hers, took=(2, None, 2), **spam)
    await past_request(monday(), "Roistat", who=heads, took=(4, 8, 8), **done)
    return anna, vera


async def opened(person: Person, report: str) -> Message:
    """The question of a report over last month, from the home message."""
    home = await fresh_home(person)
    await press(person, "📊 Отчёты", home)
    await press(person, f"📊 {report}", home)
    await press(person, "📅 Период", home)
    await press(person, "Прошлый месяц", home)
    return home


async def shown(person: Person, question: Message) -> Message:
    await press(person, "📊 Показать", question)
    return person.received()[-1]


@pytest.mark.feature("REP-07")
async def test_requests_by_source_manager_and_outcome_with_times(rig: Rig) -> None:
    _anna, vera = await company(rig)
    question = await opened(vera, "Анализ обращений")
    found = await shown(vera, question)
    assert "photo" in found.content
    assert "📊 Анализ обращений по источникам" in found.text
    lines = found.text.split("\n")
    assert any(line.split() == ["Roistat", "2", "0", "2м", "4м", "2м"] for line in lines)
    assert any(line.split() == ["Сайт", "2", "1", "8м", "15м", "45м"] for line in lines)
    assert any(line.split() == ["Итого", "4", "1", "4м", "11м", "24м"] for line in lines)
    for cut, words in (("по менеджерам", "Анна"), ("по итогам", "Заведён"), ("подробно", "Сайт")):
        await press(vera, "🗂 Группировка", question)
        await press(vera, cut, question)
        assert words in (await shown(vera, question)).text


@pytest.mark.feature("REQ-20")
async def test_a_request_is_rejected_with_a_reason_only_and_it_feeds_the_report(rig: Rig) -> None:
    anna, vera = await company(rig)
    await press(anna, "🟢 На смене", await fresh_home(anna))
    card = await arrives(anna, "Пустой звонок")
    await press(anna, "✅ Принять", card)
    with pytest.raises(Missing, match="why the request is rejected"):
        await commands.run(
            await rig.actor(anna), "request.reject", {"request_id": (await kept(rig))["id"]}
        )
    await press(anna, "✖️ Отклонить", card)
    await press(anna, "Дубль", card)
    home = await fresh_home(vera)
    await press(vera, "📊 Отчёты", home)
    await press(vera, "📊 Причины отклонений обращений", home)
    found = await shown(vera, home)
    assert any(line.split()[:3] == ["Дубль", "1", "100%"] for line in found.text.split("\n"))


@pytest.mark.feature("REP-08")
async def test_reasons_of_rejections_by_source_and_manager_with_their_share(rig: Rig) -> None:
    _anna, vera = await company(rig)
    question = await opened(vera, "Причины отклонений обращений")
    found = await shown(vera, question)
    assert any(line.split()[:3] == ["Спам", "1", "25%"] for line in found.text.split("\n"))
    await press(vera, "🔍 Что за числами", found)
    rows = vera.received()[-1]
    await press(vera, row(rows, "Спам"), rows)
    assert "1 запись" in rows.text
    await press(vera, row(rows, "Олег Петров"), rows)
    assert "Отклонена: Спам · Анна" in rows.text
    for cut, name in (("по источникам", "Roistat"), ("по менеджерам", "Анна")):
        await press(vera, "🗂 Группировка", question)
        await press(vera, cut, question)
        text = (await shown(vera, question)).text
        assert any(line.split()[:3] == [name, "1", "25%"] for line in text.split("\n"))


async def test_every_number_opens_to_its_items_and_back(rig: Rig) -> None:
    _anna, vera = await company(rig)
    found = await shown(vera, await opened(vera, "Анализ обращений"))
    await press(vera, "🔍 Что за числами", found)
    listed = vera.received()[-1]
    assert labels(listed)[:2] == ["Roistat — 2", "Сайт — 2"]
    await press(vera, "Сайт — 2", listed)
    assert "Сайт" in listed.text
    await press(vera, row(listed, "1. 📥 Олег Петров"), listed)
    assert listed.text.startswith("📥 ⚪ Олег Петров")
    await press(vera, "← Назад", listed)
    assert "2 записи" in listed.text
    await press(vera, "← Назад", listed)
    assert labels(listed)[:2] == ["Roistat — 2", "Сайт — 2"]
    await press(vera, "Все", listed)
    assert "4 записи" in listed.text


async def test_turned_to_other_periods_in_place(rig: Rig) -> None:
    _anna, vera = await company(rig)
    found = await shown(vera, await opened(vera, "Анализ обращений"))
    count = len(vera.received())
    await press(vera, "‹", found)
    assert "За этот период ничего нет" in found.text
    await press(vera, "›", found)
    assert "Roistat" in found.text
    assert len(vera.received()) == count, "the same message"


async def test_files_of_a_report(rig: Rig) -> None:
    _anna, vera = await company(rig)
    found = await shown(vera, await opened(vera, "Анализ обращений"))
    contents = {}
    for label in ("XLSX", "CSV", "PDF"):
        await press(vera, label, found)
        kept = vera.received()[-1].content["document"]["file_unique_id"]
        contents[label] = rig.world.files.get(kept).data
    assert contents["PDF"].startswith(b"%PDF-")
    assert contents["CSV"].startswith(b"\xef\xbb\xbf\xd0\x98")
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(contents["XLSX"])).namelist()


async def test_managers_get_their_own_figures_only(rig: Rig) -> None:
    anna, vera = await company(rig)
    question = await opened(anna, "Анализ обращений")
    assert "👤 Сотрудник" not in labels(question)
    found = await shown(anna, question)
    assert any(line.split()[:2] == ["Итого", "3"] for line in found.text.split("\n"))
    head = (await rig.actor(vera)).id
    answer = await press_data(anna, question, f"rp:show:req:s:n:{head}::0::0").answer()
    assert answer["text"] == ru("You may see only your own figures.")


async def test_narrowed_to_people_sources_and_own_dates(rig: Rig) -> None:
    _anna, vera = await company(rig)
    question = await opened(vera, "Анализ обращений")
    await press(vera, "👤 Сотрудник", question)
    await press(vera, "Анна", question)
    await press(vera, "🔗 Источник", question)
    await press(vera, "Roistat", question)
    assert "🔎 Анна" in question.text and "🔎 Roistat" in question.text
    found = await shown(vera, question)
    assert any(line.split()[:2] == ["Итого", "1"] for line in found.text.split("\n"))
    await press(vera, "📅 Период", question)
    await press(vera, "✏️ Свои даты", question)
    await vera.wait_text("За какие дни?")
    vera.text("когда-нибудь")
    await vera.wait_text("Напишите дни так")
    day = monday()
    vera.text(f"{day:%d.%m.%Y} - {day + timedelta(days=1):%d.%m.%Y}")
    await rig.settled()
    found = vera.received()[-1]
    assert "photo" in found.content
    assert any(line.split()[:2] == ["Итого", "1"] for line in found.text.split("\n"))


async def test_outdated_and_forged_buttons(rig: Rig) -> None:
    _anna, vera = await company(rig)
    home = await fresh_home(vera)
    for data in ("rp:show:req:s:n:0:zzzzzz:0::0", "rp:show:req:s:!!:0::0::0"):
        answer = await press_data(vera, home, data).answer()
        assert answer["text"] == ru("This button is outdated: choose the report anew.")
    answer = await press_data(vera, home, "rp:show:nope:s:n:0::0::0").answer()
    assert "Отчёта nope нет" in answer["text"]
