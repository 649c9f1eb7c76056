"""Settings of a mailbox: known services, refusals, ids and portions."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from channels.email import ids
from channels.email.config import Config
from channels.email.progress import Progress, batches, windows


def config(address: str = "sales@shop.example", **given: Any) -> Config:
    return Config.model_validate({"address": address, "password": "x"} | given)


def own(**given: Any) -> Config:
    return config(incoming_host="imap.shop.example", smtp_host="smtp.shop.example", **given)


@pytest.mark.parametrize(
    ("address", "incoming", "smtp", "port"),
    [
        ("a@gmail.com", "imap.gmail.com", "smtp.gmail.com", 465),
        ("a@yandex.ru", "imap.yandex.ru", "smtp.yandex.ru", 465),
        ("a@bk.ru", "imap.mail.ru", "smtp.mail.ru", 465),
        ("A@Outlook.com", "outlook.office365.com", "smtp.office365.com", 587),
    ],
)
def test_servers_of_known_services_need_not_be_named(
    address: str, incoming: str, smtp: str, port: int
) -> None:
    found = config(address)
    assert (found.incoming_host, found.smtp_host, found.port_out) == (incoming, smtp, port)
    assert config(address, smtp_host="relay.example").smtp_host == "relay.example"
    assert config(address, smtp_host="relay.example").port_out == 465


def test_a_service_has_another_server_for_pop3() -> None:
    found = config("a@gmail.com", incoming="pop3")
    assert (found.incoming_host, found.port_in) == ("pop.gmail.com", 995)


def test_ports_follow_protocol_and_encryption() -> None:
    assert (own().port_in, own().port_out) == (993, 465)
    found = own(incoming_security="starttls", smtp_security="starttls")
    assert (found.port_in, found.port_out) == (143, 587)
    assert own(incoming="pop3", incoming_security="none").port_in == 110


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"address": "no address"}, "no mail address"),
        ({"aliases": "a@b.example, oops"}, "no mail address"),
        ({"incoming_host": "imap://x.example"}, "server only"),
        ({"smtp_host": ""}, "smtp_host is lacking"),
        ({"incoming_host": ""}, "incoming_host is lacking"),
        ({"password": None}, "password is lacking"),
        ({"auth": "oauth2"}, "oauth_url, oauth_client_id, oauth_refresh_token"),
        ({"since": "yesterday"}, "since"),
        ({"folders": ""}, "folders"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, Any], word: str) -> None:
    usual = {"address": "a@b.example", "password": "x", "incoming_host": "i", "smtp_host": "s"}
    with pytest.raises(ValidationError) as caught:
        Config.model_validate(usual | given)
    assert word in str(caught.value)


def test_a_copy_in_sent_is_ours_unless_the_service_does_it() -> None:
    assert own().copies_sent
    assert not config("a@gmail.com").copies_sent
    assert config("a@gmail.com", save_sent="yes").copies_sent
    assert not own(save_sent="no").copies_sent
    assert not own(incoming="pop3").copies_sent


def test_own_addresses_are_known_in_any_case() -> None:
    assert own(aliases="Info@Shop.example").own == {"sales@shop.example", "info@shop.example"}


def test_an_id_is_the_same_for_the_same_part_and_known_again() -> None:
    first = ids.message_id(7, "m1:1", "sales@shop.example")
    assert first == ids.message_id(7, "m1:1", "Sales@shop.example")
    assert first != ids.message_id(7, "m1:2", "sales@shop.example")
    assert ids.ours(first, 7)
    assert ids.ours(ids.external(first))
    assert not ids.ours(first, 8)
    assert not ids.ours("<pult.7@x>")
    assert not ids.ours("<CAF=abc@mail.gmail.com>")


def test_an_id_of_any_length_fits_and_stays_unique() -> None:
    one, two = ("<" + "x" * 300 + end + "@y>" for end in "ab")
    assert len(ids.external(one)) <= 160
    assert ids.external(one) != ids.external(two)
    assert ids.external(" <a@b>\r\n") == "a@b"


def test_windows_cover_the_range_once() -> None:
    found = windows(1, 1_000_003, 2000, 500)
    assert found[0][0] == 1
    assert found[-1][1] == 1_000_003
    assert all(left[1] + 1 == right[0] for left, right in pairwise(found))
    assert len(found) <= 500
    assert windows(1, 4_294_967_295, 2000, 500)[-1][1] == 4_294_967_295
    assert len(windows(1, 4_294_967_295, 2000, 500)) <= 500
    assert windows(5, 4, 2000, 500) == []
    assert windows(5, 5, 2000, 500) == [(5, 5)]


def test_batches_keep_order_count_and_size() -> None:
    sizes = {1: 10, 2: 10, 3: 100, 4: 5, 5: 5, 6: 5}
    assert [list(one) for one in batches(sizes, 2, 50)] == [[1, 2], [3], [4, 5], [6]]
    assert batches({}, 2, 50) == []


def test_progress_moves_forward_only_and_knows_its_folder() -> None:
    begun = Progress.begun(1, 101, date(2026, 1, 1))
    assert begun.behind
    assert begun.reaching(old=50).reaching(old=40).done == 50
    assert not begun.reaching(old=100).behind
    assert begun.reaching(new=120).last == 120
    assert Progress.load(begun.dump()) == begun
    assert begun.fits(1, None)
    assert begun.fits(1, date(2026, 2, 1))
    assert not begun.fits(1, date(2025, 1, 1))
    assert not begun.fits(2, None)
    assert not Progress.begun(1, 1, date(2026, 1, 1)).behind
