"""Sending to a server that takes, defers, refuses and falls silent."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from channels.email import smtp
from channels.email.config import Config
from channels.email.smtp import Envelope
from routing.contracts import (
    ChannelBroken,
    DeliveryError,
    OutcomeUnknown,
    RecipientUnreachable,
    Rejected,
    RetryLater,
)
from sandbox.dovecot.server import free_ports
from sandbox.smtp import Sink
from tests.channels.email.post import PASSWORD, Post

ANNA, BORIS = "anna@client.test", "boris@client.test"
RAW = b"Subject: Re: order\r\n\r\n.dot\r\nHello\r\n"


def config(port: int, **changes: Any) -> Config:
    usual = {
        "address": "sales@shop.test",
        "password": PASSWORD,
        "incoming": "none",
        "smtp_host": "localhost",
        "smtp_port": port,
        "smtp_security": "none",
    }
    return Config.model_validate(usual | changes)


def mail(*recipients: str, raw: bytes = RAW) -> Envelope:
    return Envelope(sender="sales@shop.test", recipients=recipients or (ANNA,), raw=raw)


@pytest_asyncio.fixture(loop_scope="session")
async def sink() -> AsyncIterator[Sink]:
    async with Sink(logins={"sales@shop.test": PASSWORD}) as found:
        yield found


async def refusal(sink: Sink, *recipients: str, **changes: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await smtp.send(config(sink.port, **changes), None, mail(*recipients))
    return caught.value


async def test_a_mail_arrives_byte_for_byte(sink: Sink) -> None:
    await smtp.send(config(sink.port), None, mail(ANNA, BORIS))
    (taken,) = sink.taken
    assert taken.sender == "sales@shop.test"
    assert taken.recipients == (ANNA, BORIS)
    assert taken.raw == RAW
    assert taken.login == "sales@shop.test"


def server_tls(post: Post) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*post.certificate)
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encrypted(post: Post, security: str) -> None:
    implicit = security == "tls"
    async with Sink(tls=server_tls(post), implicit=implicit) as sink:
        settings = config(sink.port, smtp_security=security, ca_file=post.authority)
        await smtp.send(settings, None, mail())
        assert len(sink.taken) == 1
        with pytest.raises(ChannelBroken, match="localhost"):
            await smtp.send(config(sink.port, smtp_security=security), None, mail())
        assert len(sink.taken) == 1


async def test_without_a_login_where_none_is_wanted() -> None:
    async with Sink() as sink:
        await smtp.send(config(sink.port), None, mail())
        assert [one.login for one in sink.taken] == [None]


async def test_a_server_that_takes_only_tokens_says_so() -> None:
    async with Sink(tokens={"sales@shop.test": "good"}) as sink:
        with pytest.raises(ChannelBroken, match="oauth2"):
            await smtp.send(config(sink.port), None, mail())


async def test_an_unknown_address_is_unreachable(sink: Sink) -> None:
    sink.faults.recipients[ANNA] = ["550 5.1.1 User unknown"]
    error = await refusal(sink, ANNA)
    assert isinstance(error, RecipientUnreachable)
    assert "550 5.1.1 User unknown" in str(error)


async def test_a_refusal_for_other_reasons_says_nothing_about_the_person(sink: Sink) -> None:
    sink.faults.recipients[ANNA] = ["554 5.7.1 Listed as spam source"]
    error = await refusal(sink, ANNA)
    assert type(error) is Rejected
    assert "spam source" in str(error)


async def test_one_bad_address_among_several_stops_the_mail_and_is_named(sink: Sink) -> None:
    sink.faults.recipients[BORIS] = ["550 5.1.1 User unknown"]
    error = await refusal(sink, ANNA, BORIS)
    assert type(error) is Rejected
    assert BORIS in str(error)
    assert ANNA not in str(error)
    assert sink.taken == []


async def test_greylisting_is_waited_out(sink: Sink) -> None:
    sink.faults.recipients[ANNA] = ["451 4.7.1 Greylisted, come back"]
    error = await refusal(sink, ANNA)
    assert isinstance(error, RetryLater)
    assert error.chat_only
    assert error.after >= 30
    del sink.faults.recipients[ANNA]
    await smtp.send(config(sink.port), None, mail())
    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("452 4.3.1 Disk full", RetryLater),
        ("554 5.7.1 Spam", Rejected),
        ("552 5.3.4 Too big", Rejected),
    ],
)
async def test_answers_to_the_mail_itself(
    sink: Sink, reply: str, kind: type[DeliveryError]
) -> None:
    sink.faults.data = [reply]
    error = await refusal(sink)
    assert type(error) is kind
    assert reply[4:] in str(error)


async def test_a_mail_above_the_servers_limit(sink: Sink) -> None:
    sink.size_limit = 1000
    with pytest.raises(Rejected):
        await smtp.send(config(sink.port), None, mail(raw=RAW + b"x" * 2000))


async def test_a_lost_answer_after_the_mail_means_unknown(sink: Sink) -> None:
    sink.faults.cut_at = "after_data"
    assert isinstance(await refusal(sink), OutcomeUnknown)
    assert len(sink.taken) == 1


@pytest.mark.parametrize("where", ["connect", "rcpt"])
async def test_a_connection_lost_before_the_mail_is_tried_again(sink: Sink, where: str) -> None:
    sink.faults.cut_at = where
    assert isinstance(await refusal(sink), RetryLater)


async def test_a_sender_that_is_not_ours_stops_the_lane(sink: Sink) -> None:
    sink.faults.sender = "553 5.7.1 Sender address rejected: not owned by user"
    error = await refusal(sink)
    assert isinstance(error, ChannelBroken)
    assert "not owned" in str(error)


async def test_three_wrong_settings_give_three_lines(sink: Sink) -> None:
    (closed,) = free_ports(1)
    lines = {
        str(await refusal(sink, password="wrong")),
        str(await refusal(sink, smtp_host="no-such-host.invalid")),
        str(await refusal(sink, smtp_port=closed)),
        str(await refusal(sink, smtp_security="tls")),
        str(await refusal(sink, smtp_security="starttls")),
    }
    assert len(lines) == 5


async def test_addresses_in_other_letters(sink: Sink) -> None:
    await smtp.send(config(sink.port), None, mail("анна@почта.рф"))
    assert sink.taken[0].recipients == ("анна@почта.рф",)


async def test_through_a_real_submission_server(post: Post) -> None:
    async with Sink(port=post.relay) as relay:
        address = post.free.pop(0)
        settings = config(
            post.dovecot.ports["submission"],
            smtp_security="starttls",
            ca_file=post.authority,
            address=address,
        )
        await smtp.send(settings, None, mail())
        assert [one.recipients for one in relay.taken] == [(ANNA,)]
        wrong = settings.model_copy(update={"password": SecretStr("wrong")})
        with pytest.raises(ChannelBroken):
            await smtp.send(wrong, None, mail())
