"""What admins paste, and what Asterisk is asked to do."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from crm_core.calls.orders import Order
from telephony.asterisk import callactions, snippets
from telephony.asterisk.config import Config
from telephony.asterisk.lines import Lines

GIVEN = {"host": "pbx", "secret": "s3cret-of-the-link"}


def config(**more: object) -> Config:
    return Config.model_validate({**GIVEN, **more})


def test_snippets_carry_the_address_and_no_secret() -> None:
    text = snippets.of(config(ring=20, phone="SIP/{ext}"), "https://pult.example/hooks/pbx/1/abc")
    assert "CURL(https://pult.example/hooks/pbx/1/abc/route?call=" in text
    assert "Dial(SIP/${STRREPLACE(PULT_EXTS,&,&SIP/)},20,t)" in text
    assert "httptimeout)=2" in text
    assert "s3cret" not in text


@pytest.mark.parametrize(
    ("dial_as", "dialled"),
    [("{plus}", "+79161234567"), ("{e164}", "79161234567"), ("8{national}", "89161234567")],
)
def test_numbers_are_dialled_as_the_trunk_wants_them(dial_as: str, dialled: str) -> None:
    assert config(dial_as=dial_as).dialled("+79161234567") == dialled
    assert config(dial_as=dial_as).dialled("102") == "102"


@pytest.mark.parametrize(
    "wrong", [{"phone": "PJSIP/"}, {"phones": "("}, {"hours": "always"}, {"port": 0}]
)
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        config(**wrong)


def test_nothing_but_a_number_reaches_the_dialplan() -> None:
    order = Order(
        id=1,
        pbx_id=1,
        verb="transfer",
        data={"to": "102,hack&Local/1@x", "kind": "blind", "extension": "101"},
    )
    wanted = callactions.transfer(order, config(), Lines("PJSIP/trunk-1", {"101": "PJSIP/101-2"}))
    assert wanted["Exten"] == "102hackLocal1x"
