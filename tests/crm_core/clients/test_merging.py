"""Merge and undo: nothing is lost, nothing lands on a stranger's card."""

from __future__ import annotations

import asyncio
import random
from itertools import combinations

import pytest

from crm_core.clients import commands, merging, queries
from crm_core.clients.locking import live
from crm_core.clients.rules import ContactKind
from crm_core.kernel import db
from crm_core.kernel.actors import SYSTEM, Role
from crm_core.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.crm_core.clients import people

PHONES = ("+79120000001", "+79120000002", "+79120000003")


async def _grow(chance: random.Random, clients: list[int], channel: int) -> None:
    """Something happens to a client, as the pipes and the commands do it."""
    one = chance.choice(clients)
    match chance.randrange(4):
        case 0:
            stands = await live(one)
            dialog = await people.dialog(await people.identity(stands, channel))
            await people.message(dialog, "вопрос")
        case 1:
            await commands.note(SYSTEM, client_id=one, text="заметка")
        case 2:
            phone = chance.choice(PHONES)
            await commands.add_contact(SYSTEM, client_id=one, kind=ContactKind.PHONE, value=phone)
        case _:
            if dialog := await db.fetchval("SELECT max(id) FROM dialog"):
                await people.message(dialog, "ещё")


async def _consistent() -> None:
    """Messages stand with their dialog's client, dialogs with their identity's, on live cards."""
    astray = "SELECT count(*) FROM {} WHERE {}"
    for where in (
        "message m JOIN dialog d ON d.id = m.dialog_id|m.client_id <> d.client_id",
        "dialog d JOIN identity i ON i.id = d.identity_id|d.client_id <> i.client_id",
        "identity i JOIN client c ON c.id = i.client_id|c.merged_into_id IS NOT NULL",
        "client_note n JOIN client c ON c.id = n.client_id|c.merged_into_id IS NOT NULL",
    ):
        assert await db.fetchval(astray.format(*where.split("|"))) == 0, where


@pytest.mark.parametrize("seed", range(12))
async def test_undo_in_reverse_order_gives_everything_back(opened: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    channel = await people.channel()
    clients = [await people.client(f"Клиент {number}") for number in range(5)]
    for _ in range(15):
        await _grow(chance, clients, channel)
    history: list[tuple[int, people.Picture]] = []
    standing = list(clients)
    while len(standing) > 1:
        kept, gone = chance.sample(standing, 2)
        before = await people.picture()
        done = await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)
        standing.remove(gone)
        history.append((done.merge_id, before))
        await _consistent()
        for _ in range(chance.randrange(3)):
            await _grow(chance, clients, channel)
    for merge_id, before in reversed(history):
        await merging.unmerge(SYSTEM, merge_id=merge_id)
        after = await people.picture()
        assert {key: after[key] for key in before} == before
        await _consistent()


@pytest.mark.parametrize("seed", range(8))
async def test_undo_in_any_allowed_order_ends_apart(opened: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    channel = await people.channel()
    clients = [await people.client(f"Клиент {number}") for number in range(5)]
    for _ in range(20):
        await _grow(chance, clients, channel)
    before = await people.picture()
    apart, standing = list(clients), []
    while len(apart) > 1:
        kept, gone = chance.sample(apart, 2)
        standing.append((await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)).merge_id)
        apart.remove(gone)
        shown = {one.value for one in (await queries.card(SYSTEM, kept)).contacts}
        assert len(shown) == len((await queries.card(SYSTEM, kept)).contacts)
    while standing:
        merge_id = chance.choice(standing)
        try:
            await merging.unmerge(SYSTEM, merge_id=merge_id)
        except Conflict:
            continue
        standing.remove(merge_id)
        await _consistent()
    after = await people.picture()
    assert {key: after[key] for key in before} == before


async def test_a_hidden_contact_shows_when_the_other_leaves(opened: str) -> None:
    kept, first, second = [await people.client(name) for name in ("А", "Б", "В")]
    for one in (first, second):
        await people.contact(one, "phone", PHONES[0])
    earlier = await merging.merge(SYSTEM, kept_id=kept, gone_id=first)
    later = await merging.merge(SYSTEM, kept_id=kept, gone_id=second)
    await merging.unmerge(SYSTEM, merge_id=earlier.merge_id)
    assert [one.value for one in (await queries.card(SYSTEM, kept)).contacts] == [PHONES[0]]
    await merging.unmerge(SYSTEM, merge_id=later.merge_id)
    assert (await queries.card(SYSTEM, kept)).contacts == ()
    assert [one.value for one in (await queries.card(SYSTEM, second)).contacts] == [PHONES[0]]


async def test_what_is_written_after_a_merge(opened: str) -> None:
    channel = await people.channel()
    kept, gone = await people.client("Кто остался"), await people.client("Кто ушёл")
    identity = await people.identity(gone, channel)
    dialog = await people.dialog(identity)
    done = await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)
    assert await db.fetchval("SELECT client_id FROM identity WHERE id = $1", identity) == kept
    message = await people.message(dialog, "уже после")
    fresh = await people.dialog(identity)
    note = await commands.note(SYSTEM, client_id=gone, text="пишут на старую карточку")
    assert await db.fetchval("SELECT client_id FROM client_note WHERE id = $1", note) == kept
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    owner = "SELECT client_id FROM {} WHERE id = $1"
    # The person's own words go with the person, what was written on the card stays.
    assert await db.fetchval(owner.format("message"), message) == gone
    assert await db.fetchval(owner.format("dialog"), fresh) == gone
    assert await db.fetchval(owner.format("client_note"), note) == kept


async def test_name_and_manager_of_the_kept_card_stay(opened: str) -> None:
    anna, boris = await people.employee(), await people.employee(name="Борис")
    kept, gone = await people.client("Кто остался"), await people.client("Кто ушёл")
    await commands.set_manager(SYSTEM, client_id=kept, manager_id=anna.id)
    await commands.set_manager(SYSTEM, client_id=gone, manager_id=boris.id)
    done = await merging.merge(anna, kept_id=kept, gone_id=gone)
    card = await queries.card(SYSTEM, gone)
    assert (card.id, card.name, card.manager_id) == (kept, "Кто остался", anna.id)
    assert [(one.merge_id, one.gone_name) for one in card.merges] == [(done.merge_id, "Кто ушёл")]


async def test_what_is_refused(opened: str) -> None:
    first, second, third = [await people.client(name) for name in ("А", "Б", "В")]
    operator = await people.employee(Role.OPERATOR)
    with pytest.raises(Forbidden):
        await merging.merge(operator, kept_id=first, gone_id=second)
    with pytest.raises(Invalid):
        await merging.merge(SYSTEM, kept_id=first, gone_id=first)
    with pytest.raises(NotFound):
        await merging.merge(SYSTEM, kept_id=first, gone_id=999)
    with pytest.raises(NotFound):
        await merging.unmerge(SYSTEM, merge_id=999)
    done = await merging.merge(SYSTEM, kept_id=first, gone_id=second)
    with pytest.raises(Conflict):
        await merging.merge(SYSTEM, kept_id=third, gone_id=second)
    later = await merging.merge(SYSTEM, kept_id=third, gone_id=first)
    before = await people.picture()
    with pytest.raises(Conflict, match="undo that merge first"):
        await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    assert await people.picture() == before
    await merging.unmerge(SYSTEM, merge_id=later.merge_id)
    await merging.unmerge(SYSTEM, merge_id=done.merge_id)
    with pytest.raises(Conflict, match="already been undone"):
        await merging.unmerge(SYSTEM, merge_id=done.merge_id)


async def _try_merge(kept: int, gone: int) -> int | None:
    try:
        return (await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)).merge_id
    except Conflict:
        return None


async def test_merges_at_once_make_one_card(opened: str) -> None:
    channel = await people.channel()
    clients = [await people.client(f"Клиент {number}") for number in range(6)]
    for one in clients:
        await people.message(await people.dialog(await people.identity(one, channel)), "текст")
    pairs = list(combinations(clients, 2))
    pairs += [(right, left) for left, right in pairs]
    random.Random(1).shuffle(pairs)  # noqa: S311 - repeatable
    done = await asyncio.gather(*(_try_merge(kept, gone) for kept, gone in pairs))
    assert len([one for one in done if one]) == len(clients) - 1
    left = await db.fetch("SELECT id FROM client WHERE merged_into_id IS NULL")
    assert len(left) == 1
    assert {row["client_id"] for row in await db.fetch("SELECT client_id FROM message")} == {
        left[0]["id"]
    }
    assert {(await queries.card(SYSTEM, one)).id for one in clients} == {left[0]["id"]}
    await _consistent()


async def test_one_undo_of_many_wins(opened: str) -> None:
    kept, gone = await people.client("А"), await people.client("Б")
    done = await merging.merge(SYSTEM, kept_id=kept, gone_id=gone)
    undone = await asyncio.gather(
        *(merging.unmerge(SYSTEM, merge_id=done.merge_id) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, merging.Merged) for one in undone) == 1
    assert sum(isinstance(one, Conflict) for one in undone) == 4
