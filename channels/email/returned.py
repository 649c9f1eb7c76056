"""Which mail of ours a report is about: its returned headers, our ids in its text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from channels.email import headers, ids
from channels.email.leaf import Leaf

ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global-headers"})
OUR_ID = re.compile(r"<?(pult\.\d+\.[0-9a-f]{24}@[^\s<>\"]+)>?")


def about(leaves: Sequence[Leaf]) -> list[str]:
    """Ids of the mail this is about: from its returned headers, else any id of ours in the text."""
    returned = [one for leaf in leaves if leaf.mime in ORIGINALS for one in _original_ids(leaf)]
    ours = [one for leaf in leaves for one in _our_ids(leaf)]
    return list(dict.fromkeys([*returned, *ours]))[:10]


def _original_ids(leaf: Leaf) -> Iterator[str]:
    for one in headers.ids(headers.parsed(leaf.data.lstrip()), "Message-ID"):
        yield ids.external(one)


def _our_ids(leaf: Leaf) -> Iterator[str]:
    if leaf.mime.startswith(("text/", "message/")):
        yield from (match[1] for match in OUR_ID.finditer(leaf.data[:200_000].decode("latin-1")))
