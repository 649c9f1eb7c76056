"""One Dovecot per session, a mailbox per test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from sandbox.dovecot import Dovecot, available
from sandbox.dovecot.server import free_ports
from sandbox.oauth import TokenService
from tests.channels.email.certificates import Authority
from tests.channels.email.post import PASSWORD, Box, Post
from tests.pg import open_folder

BOXES = 120


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def post() -> AsyncIterator[Post]:
    assert available(), "the tests need dovecot-imapd dovecot-pop3d dovecot-submissiond"
    with open_folder() as folder:
        async with TokenService() as tokens:
            authority = Authority(folder)
            certificate, key = authority.certify("localhost")
            addresses = [f"box{number}@shop.test" for number in range(BOXES)]
            root = folder / "d"
            root.mkdir(mode=0o711)
            (relay,) = free_ports(1)
            dovecot = Dovecot(
                root=root,
                tls=(certificate, key),
                users=dict.fromkeys(addresses, PASSWORD),
                oauth_url=tokens.introspection_url,
                relay=relay,
            )
            dovecot.start()
            try:
                yield Post(
                    dovecot=dovecot,
                    tokens=tokens,
                    authority=authority.file,
                    relay=relay,
                    certificate=(certificate, key),
                    free=addresses,
                )
            finally:
                dovecot.stop()


@pytest.fixture
def box(post: Post, opened: str) -> Box:
    """An empty mailbox, an empty database."""
    return post.box()
