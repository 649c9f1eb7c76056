"""`check` names the cause: every wrong setting has a line of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest_asyncio

from channels.email.checks import check
from channels.email.oauth import Tokens
from crm_core.kernel import i18n
from routing.contracts import CheckReport
from sandbox.dovecot.server import free_ports
from sandbox.smtp import Sink
from tests.channels.email.certificates import Authority
from tests.channels.email.post import PASSWORD, Box, letter


@pytest_asyncio.fixture(loop_scope="session")
async def sink(box: Box) -> AsyncIterator[Sink]:
    async with Sink(logins={box.address: PASSWORD}) as found:
        yield found


async def report(box: Box, sink: Sink, **changes: Any) -> CheckReport:
    usual = {"smtp_port": sink.port, "smtp_security": "none"}
    config = box.config(**usual | changes)
    with i18n.using("en"):
        return await check(config, Tokens(1, config), "check")


async def line(box: Box, sink: Sink, **changes: Any) -> str:
    found = await report(box, sink, **changes)
    assert not found.ok
    return found.line


async def test_a_mailbox_that_works(box: Box, sink: Sink) -> None:
    found = await report(box, sink)
    assert (found.ok, found.line) == (True, f"{box.address} works in both directions.")
    assert found.facts["incoming"] == "imap, INBOX; Sent"
    box.mail.deliver(letter())
    assert (await report(box, sink, incoming="pop3")).facts["incoming"] == "pop3, 1"
    assert sink.taken == []


async def test_every_wrong_setting_has_its_own_line(box: Box, sink: Sink) -> None:
    (closed,) = free_ports(1)
    ports = box.dovecot.ports
    found = {
        "password": await line(box, sink, password="wrong"),
        "host": await line(box, sink, incoming_host="imap.no-such-host.invalid"),
        "port": await line(box, sink, incoming_port=closed),
        "another service": await line(box, sink, incoming_port=ports["pop3"]),
        "no TLS there": await line(box, sink, incoming_security="tls"),
        "unknown authority": await line(
            box, sink, incoming_security="tls", incoming_port=ports["imaps"]
        ),
        "another name": await line(
            box,
            sink,
            incoming_security="tls",
            incoming_port=ports["imaps"],
            incoming_host="127.0.0.1",
            ca_file=box.authority,
        ),
        "folder": await line(box, sink, folders="Archive"),
        "SMTP password": await line(box, sink, smtp_password="wrong"),
        "SMTP port": await line(box, sink, smtp_port=closed),
    }
    assert len(set(found.values())) == len(found), found
    assert "login or the password" in found["password"]
    assert "no server imap.no-such-host.invalid" in found["host"]
    assert str(closed) in found["port"]
    assert "no IMAP server" in found["another service"]
    assert "starttls" in found["no TLS there"]
    assert "known authority" in found["unknown authority"]
    assert "another name" in found["another name"]
    assert "Archive" in found["folder"]
    assert all(found[name].startswith("Outgoing") for name in ("SMTP password", "SMTP port"))


async def test_pop3_has_the_same_lines(box: Box, sink: Sink) -> None:
    (closed,) = free_ports(1)
    pop = {"incoming": "pop3"}
    lines = {
        await line(box, sink, **pop, password="wrong"),
        await line(box, sink, **pop, incoming_host="pop.no-such-host.invalid"),
        await line(box, sink, **pop, incoming_port=closed),
        await line(box, sink, **pop, incoming_port=box.dovecot.ports["imap"]),
        await line(box, sink, **pop, incoming_security="starttls"),
    }
    assert len(lines) == 5


async def test_with_the_authority_named_tls_and_starttls_work(box: Box, sink: Sink) -> None:
    ports, ours = box.dovecot.ports, {"ca_file": box.authority}
    for changes in (
        {"incoming_security": "tls", "incoming_port": ports["imaps"]},
        {"incoming_security": "starttls"},
        {"incoming": "pop3", "incoming_security": "tls", "incoming_port": ports["pop3s"]},
        {"incoming": "pop3", "incoming_security": "starttls"},
    ):
        assert (await report(box, sink, **ours, **changes)).ok, changes


async def test_both_directions_may_complain(box: Box, sink: Sink) -> None:
    (closed,) = free_ports(1)
    found = await line(box, sink, incoming_port=closed, smtp_port=closed)
    assert [one.split(":")[0] for one in found.splitlines()] == ["Incoming mail", "Outgoing mail"]


@asynccontextmanager
async def answering(said: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that says one thing to everybody, command by command."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = said.split(b"|")
        writer.write(lines[0] + b"\r\n")
        for one in lines[1:]:
            tag = (await reader.readline()).split(b" ")[0]
            writer.write(one.replace(b"TAG", tag) + b"\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_imap_switched_off_is_told_from_a_wrong_password(box: Box, sink: Sink) -> None:
    greeting = b"* OK hello|* CAPABILITY IMAP4rev1\r\nTAG OK done"
    refusals = {
        b"TAG NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)": "login or the password",
        b"TAG NO [ALERT] Your account is not enabled for IMAP use.": "switched off",
        b"TAG NO LOGIN invalid credentials or IMAP is disabled": "switched off",
        b"TAG NO [UNAVAILABLE] Try again later": "at the moment",
    }
    for refusal, words in refusals.items():
        async with answering(greeting + b"|" + refusal) as port:
            assert words in await line(box, sink, incoming_port=port)


async def test_a_certificate_that_has_expired(box: Box, sink: Sink, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*authority.certify("localhost", expired=True))
    async with answering(b"* OK hello", context) as port:
        found = await line(
            box, sink, incoming_security="tls", incoming_port=port, ca_file=authority.file
        )
    assert "has expired" in found
