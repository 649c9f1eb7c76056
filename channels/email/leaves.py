"""Parts of a mail that hold something, in their order and numbered. Pure.

A leaf's number is its place among the leaves ("3"); files out of winmail.dat have numbers of
their own below it ("3.1"). Attached mails are leaves: nobody looks into them but forwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message

from channels.email import headers, tnef
from channels.email.filekinds import kind_by_name
from channels.email.leaf import Leaf, leaf_of

MOST_LEAVES = 300
TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
OUTLOOK = "winmail.dat"


def leaves(message: Message) -> Iterator[Leaf]:
    """All leaves, files of winmail.dat in its place."""
    for number, part in enumerate(_walk(message), 1):
        if number > MOST_LEAVES:
            return
        leaf = leaf_of(str(number), part)
        inner = tnef.files(leaf.data) if leaf.mime in TNEF or leaf.name == OUTLOOK else []
        if not inner:
            yield leaf
        for place, one in enumerate(inner, 1):
            name = headers.safe_name(one.name)
            yield Leaf(
                number=f"{number}.{place}",
                mime=one.mime or kind_by_name(name),
                name=name,
                data=one.data,
                attached=True,
            )


def _walk(message: Message) -> Iterator[Message]:
    """Parts without parts, in reading order, without recursion."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        children = part.get_payload()
        if isinstance(children, list) and part.get_content_maintype() != "message":
            waiting += [one for one in reversed(children) if isinstance(one, Message)]
        else:
            yield part
