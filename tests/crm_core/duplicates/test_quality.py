"""Recall and precision over labelled pairs: the generator's and those by hand, apart."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crm_core.duplicates.rules import compare
from tests.crm_core.duplicates.labelled import Labelled, by_hand, generated

RECALL, PRECISION = 0.95, 0.98


def measured(pairs: Sequence[Labelled]) -> tuple[float, float, list[str]]:
    """Recall, precision, and what was judged wrongly."""
    judged = [(one, compare(one.left, one.right)) for one in pairs]
    right = sum(one.same and match.likely for one, match in judged)
    wrong = [
        f"{'missed' if one.same else 'wrong'} {match.score} ({one.why}): "
        f"{one.left.name} | {one.right.name}"
        for one, match in judged
        if one.same != match.likely
    ]
    same = sum(one.same for one in pairs)
    proposed = sum(match.likely for _, match in judged)
    return right / same, right / proposed, wrong


@pytest.mark.feature("CLI-09")
@pytest.mark.parametrize("which", ["by hand", "generated"])
def test_recall_and_precision(which: str) -> None:
    pairs = by_hand() if which == "by hand" else list(generated(2026, 1000))
    recall, precision, wrong = measured(pairs)
    figures = f"{which}: {len(pairs)} pairs, recall {recall:.3f}, precision {precision:.3f}"
    print("\n".join([figures, *wrong[:40]]))  # noqa: T201 - a figure
    assert recall >= RECALL
    assert precision >= PRECISION


def test_there_are_enough_hard_ones() -> None:
    pairs = by_hand()
    assert len(pairs) >= 80
    assert sum(not one.same for one in pairs) >= 40


def test_the_order_of_two_cards_does_not_matter() -> None:
    for one in [*by_hand(), *generated(7, 300)]:
        assert compare(one.left, one.right).score == compare(one.right, one.left).score, one
