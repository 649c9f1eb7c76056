"""The stage says everything in both languages."""

from __future__ import annotations

import re

import pytest

from sandbox.stage import pages, texts

SCRIPTS = sorted((pages.WEB / "js").glob("*.js"))
SOURCES = sorted(pages.WEB.parent.glob("*.py"))
ERROR_CODE = re.compile(r'StageError\("(\w+)"')
USED = re.compile(r"\bt\('(\w+)'")


@pytest.mark.parametrize("part", ["page", "shop"])
def test_both_languages_have_the_same_texts(part: str) -> None:
    russian, english = texts.shipped("ru", part), texts.shipped("en", part)
    assert russian.keys() == english.keys()
    assert all(russian.values())
    assert all(english.values())


def test_the_page_has_words_for_everything_it_says() -> None:
    used = {key for script in SCRIPTS for key in USED.findall(script.read_text("utf-8"))}
    assert len(used) > 50
    assert used <= texts.shipped("ru", "page").keys()


def test_every_refusal_has_words() -> None:
    codes = {code for source in SOURCES for code in ERROR_CODE.findall(source.read_text("utf-8"))}
    assert {f"error_{code}" for code in codes} <= texts.shipped("ru", "page").keys()
    assert "gone" in codes


def test_no_script_builds_markup_from_strings() -> None:
    forbidden = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
    found = [
        (script.name, word)
        for script in SCRIPTS
        for word in forbidden
        if word in script.read_text("utf-8")
    ]
    assert found == []


def test_files_stay_small() -> None:
    files = [*SCRIPTS, *(pages.WEB / "css").glob("*.css")]
    assert max(len(each.read_text("utf-8").splitlines()) for each in files) < 400
