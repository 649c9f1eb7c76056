"""Trees of items: no circle can be made, paths and orders hold, words are found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.catalogues import rules
from crm_core.catalogues.shapes import Item, Kind
from crm_core.catalogues.tree import Tree
from crm_core.kernel import i18n
from crm_core.kernel.errors import Conflict, CrmError, Invalid


@st.composite
def forests(draw: st.DrawFn) -> list[Item]:
    """Items whose parents were made before them."""
    count = draw(st.integers(1, 25))
    items = []
    for number in range(1, count + 1):
        parent = draw(st.none() | st.integers(1, number - 1)) if number > 1 else None
        items.append(
            Item(
                id=number,
                title=f"Пункт {number}",
                parent_id=parent,
                position=draw(st.integers(0, 5)),
                archived=draw(st.booleans()),
            )
        )
    return items


def moved(items: list[Item], item_id: int, parent_id: int | None) -> list[Item]:
    return [replace(one, parent_id=parent_id) if one.id == item_id else one for one in items]


def refusal(tree: Tree, parent_id: int | None, item_id: int) -> str:
    try:
        rules.require_place(tree, Kind.ITEMS, parent_id, tree.get(item_id))
    except CrmError as error:
        return error.message
    return ""


@given(forests(), st.data())
def test_moves_that_are_allowed_keep_it_a_tree(items: list[Item], data: st.DataObject) -> None:
    for _ in range(10):
        item_id = data.draw(st.integers(1, len(items)))
        parent_id = data.draw(st.none() | st.integers(1, len(items)))
        tree = Tree(items)
        inside = parent_id is not None and parent_id in tree.branch(item_id)
        if said := refusal(tree, parent_id, item_id):
            assert said == rules.TOO_DEEP or (inside and said == rules.CYCLE)
            continue
        assert not inside
        items = moved(items, item_id, parent_id)
    after = Tree(items)
    assert sorted(one.id for one in after.walk()) == list(range(1, len(items) + 1)), "none is lost"
    assert all(after.path(one.id)[0].parent_id is None for one in items)


@given(forests())
def test_walks_paths_and_heights_agree(items: list[Item]) -> None:
    tree = Tree(items)
    places = {one.id: place for place, one in enumerate(tree.walk())}
    assert len(places) == len(items) == len(tree)
    for one in items:
        path = tree.path(one.id)
        assert path[-1] == one
        assert [step.parent_id for step in path] == [None, *(step.id for step in path[:-1])]
        assert [places[step.id] for step in path] == sorted(places[step.id] for step in path)
        branch = tree.branch(one.id)
        assert branch == {other.id for other in items if one in tree.path(other.id)}
        deepest = max(len(tree.path(other)) for other in branch)
        assert tree.height(one.id) == deepest - len(path) + 1
        assert tree.stands(one.id) == (not any(step.archived for step in path))
        siblings = tree.children(one.parent_id)
        assert siblings == sorted(siblings, key=lambda each: (each.position, each.id))


@given(forests(), st.data())
def test_goals_are_where_a_move_is_allowed(items: list[Item], data: st.DataObject) -> None:
    tree = Tree(items)
    one = items[data.draw(st.integers(0, len(items) - 1))]
    for goal in rules.goals(tree, Kind.ITEMS, one.id):
        rules.require_place(tree, Kind.ITEMS, goal.id, one)
        assert goal.id != one.parent_id
        assert tree.stands(goal.id)


@given(st.lists(st.integers(1, 30), unique=True), st.integers(1, 30), st.integers(-3, 40))
def test_an_order_keeps_everybody_once(ids: list[int], item_id: int, place: int) -> None:
    goal = rules.ordered(ids, item_id, place)
    assert sorted(goal) == sorted({*ids, item_id})
    assert [one for one in goal if one != item_id] == [one for one in ids if one != item_id]
    assert goal.index(item_id) == max(0, min(place, len(goal) - 1))


def test_too_deep_is_refused_in_words() -> None:
    chain = [
        Item(id=number, title=str(number), parent_id=number - 1 or None)
        for number in range(1, rules.MOST_LEVELS + 1)
    ]
    with pytest.raises(Invalid, match="at most 20 levels"):
        rules.require_place(Tree(chain), Kind.ITEMS, rules.MOST_LEVELS)
    pair = [Item(id=100, title="a"), Item(id=101, title="b", parent_id=100)]
    tree = Tree([*chain, *pair])
    with pytest.raises(Invalid):
        rules.require_place(tree, Kind.ITEMS, rules.MOST_LEVELS - 1, pair[0])
    rules.require_place(tree, Kind.ITEMS, rules.MOST_LEVELS - 1, pair[1])


def test_words_are_found_in_titles_and_codes() -> None:
    tree = Tree(
        [
            Item(id=1, title="Реклама"),
            Item(id=2, title="Наружная реклама", parent_id=1, code="OUT"),
            Item(id=3, title="Рекламный щит", parent_id=2),
            Item(id=4, title="Spam"),
            Item(id=5, title="Актёры"),
        ]
    )
    assert [one.id for one in rules.found(tree, "реклам")] == [1, 3, 2]
    assert [one.id for one in rules.found(tree, "  РЕКЛАМА ")] == [1, 2]
    assert [one.id for one in rules.found(tree, "out")] == [2]
    assert [one.id for one in rules.found(tree, "актеры")] == [5]
    assert rules.found(tree, "нет такого") == rules.found(tree, " ") == []
    with i18n.using("ru"):
        assert [one.id for one in rules.found(tree, "спам")] == [4], "as it is shown"


def test_one_place_has_one_title() -> None:
    tree = Tree([Item(id=1, title="Spam"), Item(id=2, title="Опт", archived=True)])
    with pytest.raises(Conflict):
        rules.require_title(tree, None, "sPAM")
    with i18n.using("ru"), pytest.raises(Conflict):
        rules.require_title(tree, None, "Спам")
    rules.require_title(tree, None, "Spam", besides=1)
    rules.require_title(tree, None, "Опт")
    rules.require_title(tree, 1, "Spam")
