"""One outgoing message becomes parts: nothing lost, nothing over the limits, formatting kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.dialogs.messages import (
    Button,
    Capabilities,
    ContactCard,
    Entity,
    Kind,
    Location,
    OutboundPart,
    OutFile,
)
from crm_core.dialogs.split import Content, parts_of
from crm_core.kernel.text import joins, utf16_len, utf16_offsets

FULL = Capabilities(
    text_limit=40,
    caption_limit=10,
    album_max=3,
    kinds=frozenset(Kind) - {Kind.UNSUPPORTED},
    entities=True,
)
PLAIN = Capabilities(text_limit=400, caption_limit=0)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIGNS = [
    "a",
    "Б",
    ".",
    "! ",
    " ",
    "\n",
    "\n\n",
    "слово",
    "😀",
    "👨\u200d👩\u200d👧",
    "🇷🇺",
    "e\u0301",
]
TEXT = st.lists(st.sampled_from(SIGNS), max_size=120).map("".join)


def out_file(kind: Kind, name: str = "f") -> OutFile:
    return OutFile(kind=kind, path=f"/store/{name}", name=name, mime="a/b", size=1)


@st.composite
def formatted(draw: st.DrawFn) -> Content:
    """A text with entities that lie on character borders, overlapping freely."""
    text = draw(TEXT)
    offsets = utf16_offsets(text)
    spans = draw(
        st.lists(st.tuples(st.sampled_from(offsets), st.sampled_from(offsets)), max_size=5)
    )
    entities = tuple(
        Entity(type=f"t{number}", offset=low, length=high - low)
        for number, (low, high) in enumerate(spans)
        if low < high
    )
    return Content(text=text, entities=entities)


def positions(text: str, parts: list[OutboundPart]) -> list[int]:
    """Where each part begins in the text; fails when anything but whitespace is left out."""
    begins, at = [], 0
    for part in parts:
        begin = text.index(part.text, at)
        assert not text[at:begin].strip(), "characters were lost"
        begins.append(begin)
        at = begin + len(part.text)
    assert not text[at:].strip(), "the end was lost"
    return begins


@calm
@given(formatted(), st.integers(2, 60))
def test_nothing_is_lost_and_limits_hold(content: Content, limit: int) -> None:
    parts = parts_of(content, replace(FULL, text_limit=limit), key="m")
    positions(content.text, parts)
    for part in parts:
        assert 0 < utf16_len(part.text) <= limit
        assert part.text == part.text.strip()


@calm
@given(formatted(), st.integers(2, 60))
def test_entities_cover_the_same_characters(content: Content, limit: int) -> None:
    parts = parts_of(content, replace(FULL, text_limit=limit), key="m")
    offsets = utf16_offsets(content.text)
    for entity in content.entities:
        wanted = {
            index
            for index, offset in enumerate(offsets[:-1])
            if entity.offset <= offset < entity.offset + entity.length
            and not content.text[index].isspace()
        }
        assert wanted <= covered(content.text, parts, entity.type) <= wanted | spaces(content.text)


def covered(text: str, parts: list[OutboundPart], kind: str) -> set[int]:
    """Indices of the whole text that lie under entities of one type in the parts."""
    found: set[int] = set()
    for begin, part in zip(positions(text, parts), parts, strict=True):
        offsets = utf16_offsets(part.text)
        for entity in part.entities:
            low, high = entity.offset, entity.offset + entity.length
            assert low in offsets, "an entity begins inside a surrogate pair"
            assert high in offsets, "an entity ends inside a surrogate pair or outside the text"
            if entity.type == kind:
                found |= {begin + n for n, at in enumerate(offsets[:-1]) if low <= at < high}
    return found


def spaces(text: str) -> set[int]:
    return {index for index, char in enumerate(text) if char.isspace()}


@calm
@given(TEXT, st.integers(20, 60))
def test_no_sign_is_broken_while_it_fits(text: str, limit: int) -> None:
    parts = parts_of(Content(text=text), replace(FULL, text_limit=limit), key="m")
    for begin in positions(text, parts):
        assert not joins(text, begin)


def test_a_sign_larger_than_the_limit_is_broken_between_characters() -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    parts = parts_of(Content(text=family), replace(FULL, text_limit=4), key="m")
    assert "".join(part.text for part in parts) == family
    assert max(utf16_len(part.text) for part in parts) <= 4


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("раз два три четыре пять.\n\nшесть семь восемь", "раз два три четыре пять."),
        ("раз два три четыре пять\nшесть семь восемь", "раз два три четыре пять"),
        ("раз два три четыре пять. Шесть семь восемь", "раз два три четыре пять."),
        ("раз два три четыре пять шесть семь восемь", "раз два три четыре пять шесть семь"),
        ("р" * 50, "р" * 40),
    ],
    ids=["paragraph", "line", "sentence", "word", "nowhere"],
)
def test_cuts_at_the_best_border(text: str, first: str) -> None:
    assert parts_of(Content(text=text), FULL, key="m")[0].text == first


def test_a_cut_goes_beside_formatting_rather_than_through_it() -> None:
    text = "раз два три четыре пять шесть семь восемь девять"
    bold = Entity(type="bold", offset=text.index("шесть"), length=len("шесть семь восемь"))
    parts = parts_of(Content(text=text, entities=(bold,)), FULL, key="m")
    assert [part.text for part in parts] == ["раз два три четыре пять", "шесть семь восемь девять"]
    assert parts[1].entities == (replace(bold, offset=0),)


def test_without_spaces_a_cut_goes_to_the_edge_of_formatting() -> None:
    bold = Entity(type="bold", offset=0, length=25)
    parts = parts_of(Content(text="а" * 25 + "б" * 25, entities=(bold,)), FULL, key="m")
    assert [part.text for part in parts] == ["а" * 25, "б" * 25]
    assert [part.entities for part in parts] == [(bold,), ()]


def test_formatting_longer_than_a_part_is_split_into_both() -> None:
    text = "слово " * 10
    link = Entity(type="text_link", offset=0, length=len(text), url="https://example.org")
    parts = parts_of(Content(text=text, entities=(link,)), FULL, key="m")
    assert len(parts) == 2
    assert all(part.entities == (replace(link, offset=0, length=len(part.text)),) for part in parts)


@settings(max_examples=10, deadline=2000)
@given(st.integers(4000, 30_000))
def test_long_texts_are_cut_quickly(length: int) -> None:
    caps = replace(FULL, text_limit=4096)
    parts = parts_of(Content(text="аб " * (length // 3)), caps, key="m")
    assert len(parts) <= length // 2048 + 1


def test_a_caption_that_fits_goes_with_the_first_file() -> None:
    content = Content(text=" привет ", files=(out_file(Kind.PHOTO),))
    (part,) = parts_of(content, FULL, key="m")
    assert (part.kind, part.text) == (Kind.PHOTO, "привет")


def test_a_long_caption_follows_as_its_own_text() -> None:
    content = Content(text="слишком длинно", files=(out_file(Kind.PHOTO),), reply_to="1:2")
    photo, text = parts_of(content, FULL, key="m")
    assert (photo.kind, photo.text, photo.reply_to) == (Kind.PHOTO, "", "1:2")
    assert (text.kind, text.text, text.reply_to) == (Kind.TEXT, "слишком длинно", None)


def test_kinds_without_captions_get_the_text_as_its_own_part() -> None:
    content = Content(text="привет", files=(out_file(Kind.STICKER), out_file(Kind.VOICE)))
    sticker, voice = parts_of(content, FULL, key="m")
    assert (sticker.text, voice.text) == ("", "привет")
    alone = parts_of(Content(text="да", files=(out_file(Kind.VIDEO_NOTE),)), FULL, key="m")
    assert [(part.kind, part.text) for part in alone] == [(Kind.VIDEO_NOTE, ""), (Kind.TEXT, "да")]


def test_albums_hold_what_may_be_grouped() -> None:
    kinds = [Kind.PHOTO, Kind.VIDEO, Kind.PHOTO, Kind.PHOTO, Kind.DOCUMENT, Kind.DOCUMENT]
    kinds += [Kind.VOICE, Kind.VOICE, Kind.AUDIO, Kind.AUDIO]
    files = tuple(out_file(kind, str(number)) for number, kind in enumerate(kinds))
    parts = parts_of(Content(files=files), FULL, key="m")
    names = [[file.name for file in part.files] for part in parts]
    assert names == [["0", "1", "2"], ["3"], ["4", "5"], ["6"], ["7"], ["8", "9"]]
    assert [part.key for part in parts] == [f"m:{number}" for number in range(6)]


def test_without_albums_every_file_goes_alone() -> None:
    files = (out_file(Kind.PHOTO), out_file(Kind.PHOTO))
    assert len(parts_of(Content(files=files), replace(FULL, album_max=1), key="m")) == 2


def test_unknown_kinds_of_files_become_documents() -> None:
    caps = replace(FULL, kinds=frozenset({Kind.DOCUMENT}))
    files = (out_file(Kind.VOICE, "a.ogg"), out_file(Kind.PHOTO, "b.jpg"))
    (part,) = parts_of(Content(files=files), caps, key="m")
    assert part.kind is Kind.DOCUMENT
    assert [(file.kind, file.name) for file in part.files] == [
        (Kind.DOCUMENT, "a.ogg"),
        (Kind.DOCUMENT, "b.jpg"),
    ]


def test_a_channel_of_plain_text_says_everything_in_words() -> None:
    link = Entity(type="text_link", offset=0, length=5, url="https://example.org/price")
    content = Content(
        text="Прайс тут",
        entities=(link, Entity(type="bold", offset=6, length=3)),
        files=(out_file(Kind.PHOTO, "цены.jpg"),),
        contact=ContactCard(phone="+79990000000", name="Анна"),
        location=Location(latitude=55.75, longitude=37.61, title="Офис"),
        author="Пётр",
    )
    parts = parts_of(content, PLAIN, key="m")
    assert [part.text for part in parts] == [
        "Прайс (https://example.org/price) тут",
        "цены.jpg",
        "Анна, +79990000000",
        "Офис\nhttps://maps.google.com/?q=55.750000,37.610000",
    ]
    assert {part.kind for part in parts} == {Kind.TEXT}
    assert not any(part.entities for part in parts)
    assert {part.author for part in parts} == {"Пётр"}


def test_contact_and_location_go_natively_after_the_text() -> None:
    card = ContactCard(phone="+7", name="А")
    place = Location(latitude=1, longitude=2)
    parts = parts_of(Content(text="т", contact=card, location=place), FULL, key="m")
    assert [part.kind for part in parts] == [Kind.TEXT, Kind.CONTACT, Kind.LOCATION]
    assert (parts[1].contact, parts[2].location) == (card, place)


def test_nothing_makes_no_parts() -> None:
    assert parts_of(Content(text=" \n "), FULL, key="m") == []


BUTTONS = (
    (Button(text="Да", data="yes"), Button(text="Нет", data="no")),
    (Button(text="Сайт", url="https://shop.example/"),),
)
WITH_BUTTONS = replace(FULL, buttons=True)
LABELS = "1. Да\n2. Нет\n3. Сайт: https://shop.example/"


def test_buttons_stand_under_the_last_part() -> None:
    content = Content(text="слово " * 20, buttons=BUTTONS)
    parts = parts_of(content, WITH_BUTTONS, key="m1")
    assert len(parts) > 1
    assert [part.buttons for part in parts] == [()] * (len(parts) - 1) + [BUTTONS]


def test_an_album_leaves_its_text_to_the_buttons() -> None:
    photos = (out_file(Kind.PHOTO, "1"), out_file(Kind.PHOTO, "2"))
    content = Content(text="Да?", files=photos, buttons=BUTTONS)
    album, text = parts_of(content, WITH_BUTTONS, key="m")
    assert (album.text, album.buttons, len(album.files)) == ("", (), 2)
    assert (text.text, text.buttons) == ("Да?", BUTTONS)
    (one,) = parts_of(replace(content, files=photos[:1]), WITH_BUTTONS, key="m")
    assert (one.text, one.buttons) == ("Да?", BUTTONS)


def test_a_bare_album_gets_a_text_for_its_buttons() -> None:
    photos = (out_file(Kind.PHOTO, "1"), out_file(Kind.PHOTO, "2"))
    wide = replace(WITH_BUTTONS, text_limit=400)
    album, text = parts_of(Content(files=photos, buttons=BUTTONS), wide, key="m")
    assert (album.buttons, text.text, text.buttons) == ((), LABELS, BUTTONS)


def test_without_buttons_they_are_numbered_lines() -> None:
    (part,) = parts_of(Content(text="Ждать? ", buttons=BUTTONS), PLAIN, key="m")
    assert (part.text, part.buttons) == (f"Ждать?\n\n{LABELS}", ())
    (bare,) = parts_of(Content(buttons=BUTTONS), PLAIN, key="m")
    assert bare.text == LABELS
