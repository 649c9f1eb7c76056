"""HTML in both directions: strangers' made harmless and readable, ours well-formed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email import markup
from channels.email.htmltext import text_of
from channels.email.sanitise import clean
from crm_core.dialogs.messages import Entity

HOSTILE = (
    "<img src='https://spy.example/pixel.gif' srcset='https://spy.example/2x'>",
    "<div style='background-image: url(https://spy.example/a)'>x</div>",
    "<div style='background: \\75rl(//spy.example)'>x</div>",
    "<table background='https://spy.example/a'><tr><td>x</table>",
    "<script>fetch('https://spy.example')</script>",
    "<style>@import url(https://spy.example);</style>",
    "<link rel=stylesheet href=https://spy.example>",
    "<meta http-equiv=refresh content='0;//spy.example'>",
    "<iframe src=https://spy.example></iframe><object data=https://spy.example></object>",
    "<video poster=https://spy.example src=https://spy.example></video>",
    "<form action=https://spy.example><input type=submit></form>",
    "<svg><image href=https://spy.example /></svg>",
    "<base href=https://spy.example><body background=https://spy.example>x",
    "<img src=x onerror=\"location='https://spy.example'\">",
    "<p onclick=\"location='https://spy.example'\">x</p>",
    "<math><mtext><table><mglyph><style><img src=https://spy.example>",
)


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_is_loaded_from_afar(html: str) -> None:
    assert "spy.example" not in clean(html)


def test_what_people_wrote_stays() -> None:
    html = '<p style="color: red">Цена <b>500</b> <a href="https://a.example/">тут</a></p>'
    html += '<img src="cid:1">'
    shown = clean(html)
    assert "<b>500</b>" in shown
    assert 'href="https://a.example/"' in shown
    assert "noopener" in shown
    assert '<img src="cid:1">' in shown
    assert "javascript" not in clean('<a href="javascript:alert(1)">x</a>')


def test_deep_and_long_html_takes_no_time() -> None:
    started = time.process_time()
    assert clean("<div>" * 50_000 + "x") == "<pre>x</pre>"
    assert clean("<b>" * 300 + "x").count("<b>") == 300
    assert clean("<table><tr><td>x" * 2000)
    assert text_of("<blockquote>" * 50_000 + "x").endswith("x")
    assert time.process_time() - started < 10


def test_html_reads_like_its_text() -> None:
    html = """<html><head><title>t</title><style>p {}</style></head><body>
    <p>Добрый&nbsp;день!</p><p>Цены:</p><ul><li>первая</li><li>вторая</li></ul>
    <table><tr><td>Срок</td><td>неделя</td></tr></table>
    <div>Ссылка: <a href="https://a.example/x">каталог</a>, <a href="mailto:a@b.ru">a@b.ru</a></div>
    <blockquote>Иван писал<br><blockquote>раньше</blockquote></blockquote></body></html>"""
    assert text_of(html).split("\n") == [
        "Добрый день!",
        "",
        "Цены:",
        "",
        "• первая",
        "• вторая",
        "",
        "Срок  неделя",
        "",
        "Ссылка: каталог <https://a.example/x>, a@b.ru",
        "> Иван писал",
        "> > раньше",
    ]


@given(st.text(alphabet="<>/abpqdivstyle=\"' &;#\n!-", max_size=200))
def test_no_html_crashes(html: str) -> None:
    clean(html)
    text_of(html)


def test_overlapping_formats_stay_well_formed() -> None:
    entities = (
        Entity(type="bold", offset=0, length=4),
        Entity(type="italic", offset=2, length=4),
        Entity(type="text_link", offset=0, length=2, url="javascript:alert(1)"),
    )
    assert markup.html("abcdef", entities) == "<b>ab</b><b><i>cd</i></b><i>ef</i>"
