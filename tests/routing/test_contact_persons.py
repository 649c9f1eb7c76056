"""Contact persons at the door: known by a messenger name, routed to their company's manager."""

from __future__ import annotations

import pytest

from crm_core.clients import commands as clients
from crm_core.clients import linking
from crm_core.clients.contactkinds import ContactKind
from crm_core.dialogs.messages import Sender
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM
from routing.calls import deciding
from routing.calls.rules import Opening, Question
from routing.inbound.identities import resolve
from tests import factories
from tests.bot.calls.scenes import pbx

pytestmark = pytest.mark.usefixtures("opened")


async def test_who_is_written_down_by_messenger_name_is_known(opened: str) -> None:
    """In the messenger the name is of, in any case of letters, and only when one card has it."""
    olga = (await clients.create(SYSTEM, name="Ольга Ким")).client_id
    await clients.add_contact(SYSTEM, client_id=olga, kind=ContactKind.TELEGRAM, value="@olga_kim")
    telegram = await factories.channel("telegram", "Магазин", token="1:x")
    site = await factories.channel()
    sender = Sender(external_id="77", name="Оля", username="Olga_Kim")
    found = await resolve([(telegram, sender), (site, sender)])
    assert found[telegram, "77"].client_id == olga
    assert found[site, "77"].client_id != olga
    double = (await clients.create(SYSTEM, name="Другая")).client_id
    await clients.add_contact(
        SYSTEM, client_id=double, kind=ContactKind.TELEGRAM, value="t.me/olga_kim"
    )
    other = Sender(external_id="78", name="Оля", username="olga_kim")
    assert (await resolve([(telegram, other)]))[telegram, "78"].client_id not in {olga, double}


async def test_a_call_of_a_contact_person_rings_the_companys_manager(opened: str) -> None:
    await factories.queue()
    anna = await factories.employee("Анна")
    await factories.employee("Борис")
    await db.execute("UPDATE employee SET extension = (100 + id)::text")
    linden = (await clients.create(anna, name="ООО Липа", kind="company")).client_id
    olga = (await clients.create(SYSTEM, name="Ольга Ким", phone="+79123456789")).client_id
    await linking.link(SYSTEM, company_id=linden, person_id=olga)
    question = Question(key="k", caller="89123456789")
    found = await deciding.answer(await pbx(), question, Opening())
    assert found.extensions == (str(100 + anna.id),)
    assert found.reason["why"] == "client_manager"
