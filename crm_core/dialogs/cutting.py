"""Where a long text is cut: paragraph, line, sentence, word; outside formatting first. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from crm_core.kernel.text import joins, utf16_offsets

Span = tuple[int, int]

PARAGRAPH, LINE, SENTENCE, WORD, BORDER, NOWHERE = range(6)
INSIDE = 5  # added to a level when the cut goes through an entity: worse than any cut beside it
HOPELESS = 100
SENTENCE_ENDS = frozenset(".!?…;")


def pieces(text: str, limit: int, entities: Sequence[Span] = ()) -> Iterator[Span]:
    """Spans of `text`, in characters, each at most `limit` UTF-16 units and never blank.

    `entities` are UTF-16 spans that a cut should not go through. Whitespace at the ends of a
    piece is left out. A cut is looked for in the last half of the room, so that pieces stay big;
    characters joined into one sign are parted only when nothing else fits.
    """
    offsets = utf16_offsets(text)
    start = _skip_space(text, 0, len(text))
    last = _drop_space(text, start, len(text))
    while start < last:
        fits = bisect_right(offsets, offsets[start] + limit) - 1
        end = last if fits >= last else _cut(text, (start, max(fits, start + 1)), offsets, entities)
        trimmed = _drop_space(text, start, end)
        yield start, trimmed
        start = _skip_space(text, end, last)


def _cut(text: str, room: Span, offsets: Sequence[int], entities: Sequence[Span]) -> int:
    start, end = room
    borders = {border for span in entities for border in span}
    inside = _inside(room, offsets, entities)
    best, best_rank = end, HOPELESS
    for index in range(end, start + (end - start) // 2, -1):
        rank = _level(text, index)
        if rank == NOWHERE and offsets[index] in borders:
            rank = BORDER
        if index in inside or rank == NOWHERE:
            rank += INSIDE
        if rank < best_rank and not joins(text, index):
            best, best_rank = index, rank
        if best_rank == PARAGRAPH:
            break
    return best if best_rank < HOPELESS else _between_signs(text, room)


def _inside(room: Span, offsets: Sequence[int], entities: Sequence[Span]) -> set[int]:
    """Places in the room where a cut goes through an entity."""
    start, end = room
    return {
        index
        for low, high in entities
        for index in range(
            max(bisect_right(offsets, low), start), min(bisect_left(offsets, high), end + 1)
        )
    }


def _between_signs(text: str, room: Span) -> int:
    start, end = room
    return next((index for index in range(end, start, -1) if not joins(text, index)), end)


def _level(text: str, index: int) -> int:
    """How good a cut before `text[index]` is; the space may stand on either side."""
    before, after = text[index - 1], text[index]
    if "\n" in (before, after):
        blank = text[max(index - 2, 0) : index + 2].count("\n") > 1
        return PARAGRAPH if blank else LINE
    if before.isspace() or after.isspace():
        word_end = text[index - 2] if before.isspace() and index > 1 else before
        return SENTENCE if word_end in SENTENCE_ENDS else WORD
    return NOWHERE


def _skip_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _drop_space(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
