"""Forms by mail: a template an admin sets, tries and mends; what it can't read is visible."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
import pytest

from channels.email.channel import Channel
from crm_core.dialogs.messages import InboundLead
from crm_core.kernel import commands, db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Forbidden, Invalid
from crm_core.mailforms import commands as form_commands
from crm_core.mailforms import rules
from tests import factories
from tests.channels.email.mails import mail, mailbox

TEMPLATE = """Имя: {name}
Телефон: {phone}
E-mail: {email?}
Сумма: {amount?} руб.
Тариф: {Тариф?}
utm_source = {utm_source?}
Сообщение:
{text?}
"""
LETTER = """Новая заявка с сайта!

Имя: Иван Петров
Телефон: +7 (999) 111-22-33
E-mail: Ivan@Client.Example
Сумма: 12 500,50 руб.
Тариф: Всё включено
utm_source = yandex
Сообщение:
Перезвоните утром.

Имя не скажу: спасибо.
"""
FORM = {"title": "Заявка с сайта", "template": TEMPLATE, "sender": "robot@site.example"}


async def form(**rest: Any) -> int:
    made = form_commands.Form.model_validate(FORM | rest)
    found: int = await form_commands.save(SYSTEM, form=made)
    return found


def sent(text: str = LETTER, **rest: str) -> bytes:
    return mail(text, **({"From": "robot@site.example", "Subject": "Заявка"} | rest))


async def test_a_form_is_an_application(opened: str) -> None:
    await form()
    box = await mailbox()
    [lead] = await box.read(sent(Message_ID="<f1@site.example>"))
    assert isinstance(lead, InboundLead)
    assert lead.sender is not None
    assert lead.sender.name == "Иван Петров"
    assert (lead.sender.phone, lead.sender.email) == ("+7 (999) 111-22-33", "ivan@client.example")
    assert lead.amount == Decimal("12500.50")
    assert lead.fields == {"Тариф": "Всё включено"}
    assert lead.campaign == {"utm_source": "yandex"}
    assert lead.text.startswith("Перезвоните утром.\n\nИмя не скажу")
    assert lead.source == "Заявка с сайта"
    assert lead.external_id.endswith(":f1@site.example")


async def test_the_sites_number_makes_it_the_same_application(opened: str) -> None:
    await form(template="№ {id}\nИмя: {name}")
    box = await mailbox()
    leads = [(await box.read(sent("№ 17\nИмя: Иван")))[0] for _ in range(2)]
    assert len({lead.external_id for lead in leads if isinstance(lead, InboundLead)}) == 1


@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        ({}, "lead"),
        ({"From": "Сайт <ROBOT@site.example>"}, "lead"),
        ({"From": "ivan@client.example"}, "message"),
    ],
)
async def test_only_mails_of_the_form_are_forms(
    opened: str, rest: dict[str, str], kind: str
) -> None:
    await form()
    await form(title="Другая", sender="@forms.example", subject="расчёт")
    box = await mailbox()
    [body] = await box.take(sent(**rest))
    assert body["place"]["kind"] == kind
    [other] = await box.take(sent(From="a@forms.example", Subject="Заказан РАСЧЁТ"))
    assert other["place"]["kind"] == "lead"


async def test_what_the_template_does_not_fit_is_visible_and_mended(opened: str) -> None:
    form_id = await form()
    box = await mailbox()
    await box.take(sent(LETTER.replace("Телефон:", "Тел.:")))
    row = await db.fetchrow("SELECT state, error FROM raw_event")
    assert row is not None
    assert row["state"] == "failed"
    assert row["error"] == "ValueError: the form “Заявка с сайта” lacks: Телефон"
    mended = FORM | {"template": TEMPLATE.replace("Телефон:", "Тел.:")}
    await commands.run(SYSTEM, "mail_form.save", {"form": mended, "form_id": form_id})
    [failed] = await db.fetch("SELECT body FROM raw_event")
    [lead] = Channel.parse(orjson.loads(failed["body"]))
    assert isinstance(lead, InboundLead)


async def test_a_template_is_tried_before_it_is_saved(opened: str) -> None:
    found = await commands.run(
        SYSTEM, "mail_form.preview", {"template": TEMPLATE, "text": "Имя: Иван\r\nТариф: А"}
    )
    assert found == {"values": {"name": "Иван", "Тариф": "А"}, "missing": ["Телефон"]}
    assert not await db.fetch("SELECT 1 FROM mail_form")


async def test_only_admins_set_templates(opened: str) -> None:
    head = await factories.employee("Анна", role=Role.HEAD)
    with pytest.raises(Forbidden):
        await commands.run(head, "mail_form.save", {"form": FORM})


async def test_a_removed_template_makes_ordinary_mails(opened: str) -> None:
    form_id = await form()
    await commands.run(SYSTEM, "mail_form.remove", {"form_id": form_id})
    box = await mailbox()
    [body] = await box.take(sent())
    assert body["place"]["kind"] == "message"


@pytest.mark.parametrize(
    "sample",
    ["", "без полей", "{name}", "Имя: {name}\nЕщё: {name}", "Тариф: {Тариф}", "---\n{name}"],
)
async def test_wrong_templates_are_refused_with_their_fault(opened: str, sample: str) -> None:
    with pytest.raises(Invalid) as caught:
        rules.parse(sample)
    assert str(caught.value)
