"""Tokens instead of passwords: fetched, kept, changed, refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from channels.email import smtp
from channels.email.imap import ImapBox
from channels.email.oauth import Tokens
from channels.email.pop import PopBox
from channels.email.worker import Worker
from crm_core.accounts import cursors
from crm_core.kernel import clock
from routing.contracts import ChannelBroken, RetryLater
from sandbox.oauth import TokenService
from sandbox.smtp import Sink
from tests.channels.email.post import Box, Post
from tests.channels.email.test_smtp import config as smtp_config
from tests.channels.email.test_smtp import mail

FIRST = "first refresh token"


@pytest_asyncio.fixture(loop_scope="session")
async def service(post: Post) -> AsyncIterator[TokenService]:
    """The service Dovecot asks; everything forgotten before and after."""
    found = post.tokens
    found.grants.clear()
    found.revoke()
    found.rotates = found.broken = False
    found.asked, found.lives = 0, 3600
    yield found


def settings(service: TokenService, **changes: Any) -> dict[str, Any]:
    usual = {
        "auth": "oauth2",
        "password": None,
        "oauth_url": service.token_url,
        "oauth_client_id": service.client_id,
        "oauth_client_secret": service.client_secret,
        "oauth_refresh_token": FIRST,
    }
    return usual | changes


async def test_imap_and_pop3_by_token(box: Box, service: TokenService) -> None:
    service.grants[FIRST] = box.address
    tokens = Tokens(1, box.config(**settings(service)))
    imap = ImapBox(box.config(**settings(service)), await tokens.access())
    async with Worker(imap, "imap") as worker:
        await worker.call(imap.open)
        assert "INBOX" in await worker.call(imap.folders)
    pop = PopBox(box.config(incoming="pop3", **settings(service)), await tokens.access())
    async with Worker(pop, "pop") as worker:
        await worker.call(pop.open)
        assert await worker.call(pop.listed) == []
    assert service.asked == 1


@pytest.mark.parametrize(("kind", "incoming"), [(ImapBox, "imap"), (PopBox, "pop3")])
async def test_a_bad_token_fails_at_once_with_its_cause(
    box: Box, service: TokenService, kind: type[ImapBox | PopBox], incoming: str
) -> None:
    connection = kind(box.config(incoming=incoming, **settings(service)), "no such token")
    began = clock.now()
    async with Worker(connection, "bad") as worker:
        with pytest.raises(ChannelBroken, match="OAuth"):
            await worker.call(connection.open)
    assert clock.now() - began < timedelta(seconds=5)


async def test_smtp_by_token_and_a_bad_one() -> None:
    async with Sink(tokens={"sales@shop.test": "good"}) as sink:
        await smtp.send(smtp_config(sink.port), "good", mail())
        assert sink.taken[0].login == "sales@shop.test"
        with pytest.raises(ChannelBroken, match="OAuth"):
            await smtp.send(smtp_config(sink.port), "bad", mail())


async def test_a_token_is_used_until_shortly_before_it_ends(
    box: Box, service: TokenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.grants[FIRST] = box.address
    tokens = Tokens(1, box.config(**settings(service)))
    first = await tokens.access()
    assert await tokens.access() == first
    later = clock.now() + timedelta(minutes=58)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert await tokens.access() != first
    assert service.asked == 2
    tokens.forget()
    await tokens.access()
    assert service.asked == 3


async def test_a_refresh_token_that_changes_is_kept_encrypted(
    box: Box, service: TokenService
) -> None:
    service.grants[FIRST] = box.address
    service.rotates = True
    config = box.config(**settings(service))
    await Tokens(1, config).access()
    kept = await cursors.read(1, "oauth")
    assert kept is not None
    assert not any(token in str(kept) for token in (FIRST, *service.grants))
    assert await Tokens(1, config).access()  # after a restart: the newer one
    with pytest.raises(ChannelBroken):  # another one was set: the kept one counts no more
        await Tokens(1, box.config(**settings(service, oauth_refresh_token="x"))).access()


async def test_causes_are_told_apart(box: Box, service: TokenService) -> None:
    lines = set()
    for changes in (
        {},
        {"oauth_client_secret": "wrong"},
        {"oauth_url": f"{service.token_url}/nothing"},
    ):
        with pytest.raises(ChannelBroken) as caught:
            await Tokens(1, box.config(**settings(service, **changes))).access()
        lines.add(str(caught.value))
    assert len(lines) == 3
    service.broken = True
    with pytest.raises(RetryLater):
        await Tokens(1, box.config(**settings(service))).access()
    with pytest.raises(RetryLater):
        url = "http://127.0.0.1:1/token"
        await Tokens(1, box.config(**settings(service, oauth_url=url))).access()
