"""Nasty mails are read; nothing crashes, nothing is lost."""

from __future__ import annotations

import os
import time
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.email import charsets, encodedwords, headers, mime, tnef
from tests.channels.email.mails import mail
from tests.channels.email.nasty import ICS, MAILS, TEXT, WINMAIL, attached, leaf, mixed, plain

NOBODY: frozenset[str] = frozenset()


@pytest.mark.parametrize("name", MAILS)
def test_a_nasty_mail_is_read(name: str) -> None:
    expected = MAILS[name]
    told = mime.digest(expected.raw, NOBODY)
    orjson.dumps(told)
    for key, value in (("subject", expected.subject), ("text", expected.text)):
        assert value is None or told[key] == value
    assert expected.name is None or told["from"]["name"] == expected.name
    shown = [one for one in told["attachments"] if one["shown"]]
    if expected.text is not None:
        assert tuple(one["name"] for one in shown) == expected.files
    for one in told["attachments"]:
        assert len(mime.part(expected.raw, one["part"])) == one["size"]


def test_files_come_out_as_they_went_in() -> None:
    content = bytes(range(256)) * 100
    raw = mail(files=[("а.bin", "application/octet-stream", content)])
    [file] = mime.digest(raw, NOBODY)["attachments"]
    assert mime.part(raw, file["part"]) == content
    with pytest.raises(LookupError):
        mime.part(raw, "17")


def test_files_of_winmail_and_of_attached_mails_have_numbers() -> None:
    raw = mixed(
        leaf(TEXT.encode()), attached("filename=winmail.dat", WINMAIL, "application/ms-tnef")
    )
    parts = [one["part"] for one in mime.digest(raw, NOBODY)["attachments"]]
    assert [mime.part(raw, one) for one in parts] == [b"%PDF-1.4", b"PK"]
    within = mail("x", files=[("a.txt", "text/plain", "да".encode())]).replace(b"\r\n", b"\n")
    carrier = mixed(leaf(b"see"), leaf(within, "message/rfc822"))
    inner = mime.digest(carrier, NOBODY)["forwarded"]
    [file] = inner["told"]["attachments"]
    assert mime.part(carrier, file["part"]).strip() == "да".encode()


def test_dates_of_all_kinds() -> None:
    for date, expected in (
        ("Fri, 15 Nov 2024 10:15:00 +0300", "2024-11-15T07:15:00+00:00"),
        ("15 Nov 2024 10:15:00", "2024-11-15T10:15:00+00:00"),
        ("вчера", None),
        ("Fri, 99 Nov 2024 99:15:00 +9900", None),
    ):
        raw = plain(head=f"Date: {date}\nFrom: a@b.ru\n".encode())
        assert mime.digest(raw, NOBODY)["date"] == expected


def test_text_beside_a_calendar_stays_the_text() -> None:
    raw = mixed(leaf(TEXT.encode()), leaf(ICS, "text/calendar; charset=utf-8"))
    told = mime.digest(raw, NOBODY)
    assert told["text"] == TEXT
    assert [one["name"] for one in told["attachments"]] == ["invite.ics"]


def test_huge_texts_are_cut_and_quick() -> None:
    started = time.process_time()
    told = mime.digest(plain(b"> \xd0\xb0\n" * 2_000_000), NOBODY)
    assert len(told["text"]) <= mime.LONGEST_TEXT
    mime.digest(plain(b"<div>" * 1_000_000, kind="text/html"), NOBODY)
    mime.digest(mixed(*[leaf(b"x")] * 3000), NOBODY)
    assert time.process_time() - started < 20


WORDS = ("Заказ", "СРОЧНО", "договор поставки", "Re: Прайс", "Ул. Ёлочная, 5 (Ромашка)")


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "cp866", "iso8859-5", "utf-8"])
@pytest.mark.parametrize("text", WORDS)
def test_short_words_of_any_charset(charset: str, text: str) -> None:
    assert charsets.decode(text.encode(charset), None) == text


@pytest.mark.parametrize("text", ["café déjà vu", "Grüße aus Köln", "señor Muñoz", "naïve"])
def test_western_words_stay_western(text: str) -> None:
    assert charsets.decode(text.encode("latin-1"), "iso-8859-1") == text


@given(st.text(), st.sampled_from(["utf-8", "cp1251", "koi8-r", "utf-16"]))
def test_a_rightly_declared_charset_is_believed(text: str, charset: str) -> None:
    kept = text.encode(charset, "ignore")
    if charset in {"utf-8", "utf-16"} or not charsets.guess(kept):
        assert charsets.decode(kept, charset) == kept.decode(charset)


@given(st.binary(max_size=300), st.text(max_size=12))
def test_no_bytes_and_no_charset_crash(data: bytes, charset: str) -> None:
    charsets.decode(data, charset)
    encodedwords.header(data.decode("utf-8", "surrogateescape"))
    tnef.files(data)
    tnef.files(WINMAIL[: len(data)] + data)


@given(st.text(max_size=300))
def test_file_names_are_bare(name: str) -> None:
    safe = headers.safe_name(name)
    assert len(safe) <= 200
    assert not set(safe) & set("/\\\0\r\n")
    assert safe not in {".", ".."}


PIECES = st.sampled_from(
    [bytes(one) for found in MAILS.values() for one in (found.raw[:400], found.raw[-400:])]
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=60)), max_size=6))
def test_no_mail_crashes(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    told = mime.digest(raw, NOBODY)
    orjson.dumps(told)
    for one in told["attachments"]:
        mime.part(raw, one["part"])


def test_mails_of_other_projects_are_read() -> None:
    """A folder of .eml files of your own: PULT_MAIL_CORPUS=/some/folder."""
    folder = os.environ.get("PULT_MAIL_CORPUS")
    found = sorted(Path(folder).rglob("*.eml")) if folder else []
    if not found:
        pytest.skip("PULT_MAIL_CORPUS names no folder with mails")
    for path in found:
        raw = path.read_bytes()
        told = mime.digest(raw, NOBODY)
        orjson.dumps(told)
        assert told["text"] or told["attachments"] or told["html"] or b"\n\n" not in raw.strip()
