"""What is folded in answers of thirty-odd mail programs, and what never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.quotes import fold
from tests.channels.email.replies import ANSWERS, BELOW, BETWEEN, CLIENTS, WHOLE


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("client", CLIENTS)
def test_the_answer_stays_and_the_rest_is_folded(client: str, answer: str) -> None:
    text = f"{answer}\n\n{CLIENTS[client]}"
    folded = fold(text)
    assert folded.text == answer
    assert folded.hidden
    assert folded.whole == "\n".join(line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("client", CLIENTS)
def test_windows_line_ends_change_nothing(client: str) -> None:
    text = f"{ANSWERS[1]}\n\n{CLIENTS[client]}"
    assert fold(text.replace("\n", "\r\n")) == fold(text)


@pytest.mark.parametrize("text", WHOLE)
def test_ordinary_words_are_not_folded(text: str) -> None:
    folded = fold(text)
    assert folded.text == text
    assert not folded.hidden


@pytest.mark.parametrize("text", BELOW)
def test_an_answer_below_the_quote_is_found(text: str) -> None:
    assert "Согласен." in fold(text).text


@pytest.mark.parametrize("text", BETWEEN)
def test_answers_between_quoted_lines_keep_what_they_answer(text: str) -> None:
    folded = fold(text).text
    assert "> Цена 500.\nСогласен.\n> Срок неделя.\nДолго!" in folded
    assert "пишет" not in folded


def test_a_signature_and_a_quote_are_told_apart() -> None:
    folded = fold(f"Да.\n\nС уважением,\nИван\n\n{CLIENTS['gmail-ru']}")
    assert folded.text == "Да."
    assert folded.signature.startswith("С уважением")
    assert folded.quote.startswith("пт, 15 нояб.")


def test_a_mail_that_is_only_a_signature_or_a_quote_stays_readable() -> None:
    for text in (CLIENTS["yandex"], CLIENTS["signature-phone"], "> одна цитата"):
        assert fold(text).text == text


LINES = st.lists(
    st.sampled_from(
        [line for form in CLIENTS.values() for line in form.split("\n")] + ["Да", "", "> x", "--"]
    ),
    max_size=30,
)


@given(LINES)
def test_whatever_is_cut_stands_in_the_original(lines: list[str]) -> None:
    folded = fold("\n".join(lines))
    assert bool(folded.text) == bool(folded.whole.strip())
    for line in folded.text.split("\n"):
        assert line in folded.whole or line == "> […]"


@given(st.text(max_size=400))
def test_nothing_crashes(text: str) -> None:
    fold(text)
