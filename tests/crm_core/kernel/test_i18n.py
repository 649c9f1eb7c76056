"""Texts: the language in force, plural forms, refusals with their values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_core.kernel import i18n
from crm_core.kernel.errors import Conflict

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 &&"
" (n%100<10 || n%100>=20) ? 1 : 2);\\n"

msgid "{hello}"
msgstr "{privet}"

msgid "%(name)s was faster."
msgstr "Быстрее был %(name)s."

msgid "one deal"
msgid_plural "%d deals"
msgstr[0] "%d сделка"
msgstr[1] "%d сделки"
msgstr[2] "%d сделок"
"""


@pytest.fixture(autouse=True)
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A house of its own: two rooms with catalogues, and a data folder that is none."""
    for place in ("hall/locales", "attic/box/locales", "var/a/b/c/locales"):
        (tmp_path / place).mkdir(parents=True)
        text = PO.replace("{hello}", f"hello {place[0]}").replace("{privet}", f"привет {place[0]}")
        (tmp_path / place / "ru.po").write_text(text, "utf-8")
    monkeypatch.setattr(i18n, "ROOT", tmp_path)
    i18n.translations.cache_clear()
    yield tmp_path
    i18n.translations.cache_clear()


def test_every_room_has_its_catalogue(rooms: Path) -> None:
    found = [str(path.relative_to(rooms)) for path in i18n.catalogues("ru")]
    assert found == ["attic/box/locales/ru.po", "hall/locales/ru.po"]
    with i18n.using("ru"):
        assert (i18n.gettext("hello h"), i18n.gettext("hello a")) == ("привет h", "привет a")
        assert i18n.gettext("hello v") == "hello v"


def test_plural_forms() -> None:
    with i18n.using("ru"):
        said = [i18n.ngettext("one deal", "%d deals", n) % n for n in (1, 3, 5, 21)]
    assert said == ["1 сделка", "3 сделки", "5 сделок", "21 сделка"]
    with i18n.using("en"):
        assert i18n.ngettext("one deal", "%d deals", 1) == "one deal"
        assert i18n.ngettext("one deal", "%d deals", 2) % 2 == "2 deals"


def test_the_language_is_put_back() -> None:
    before = i18n.current()
    with i18n.using("en"):
        with i18n.using(None):
            assert i18n.current() == "en"
        with i18n.using("de"):
            assert i18n.current() == "en", "an unknown language is English"
    assert i18n.current() == before


def test_nothing_is_not_the_header() -> None:
    with i18n.using("ru"):
        assert i18n.gettext("") == ""


def test_refusals_speak_the_readers_language() -> None:
    error = Conflict("%(name)s was faster.", name="Анна")
    assert str(error) == "Анна was faster."
    with i18n.using("ru"):
        assert i18n.explain(error) == "Быстрее был Анна."
    with i18n.using("en"):
        assert i18n.explain(error) == "Анна was faster."
