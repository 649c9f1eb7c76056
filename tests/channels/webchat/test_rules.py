"""Pure rules: sites, floods, signed names, kinds of files, settings, the squeezed script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from channels.flood import KEYS_MAX, Buckets, neighbourhood
from channels.origins import admits, listed
from channels.webchat import assets, kinds, mangle, minify, tokens
from channels.webchat.config import Config, language_for, texts
from crm_core.dialogs.messages import Kind
from crm_core.kernel import secrets

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
VISITOR = "4f2a9c0d1e2b3a4c5d6e7f8091a2b3c4"


@pytest.fixture(autouse=True)
def key() -> None:
    secrets.use_key("a key for tests only")


@pytest.mark.parametrize(
    ("origin", "fits"),
    [
        ("https://shop.example", True),
        ("https://shop.example:443", True),
        ("HTTPS://Shop.Example", True),
        ("http://shop.example", False),
        ("https://shop.example:8443", False),
        ("https://shop.example.evil.example", False),
        ("https://evilshop.example", False),
        ("https://a.b.sub.example", True),
        ("https://sub.example", False),
        ("https://evilsub.example", False),
        ("http://a.sub.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_allow_list(origin: str, fits: bool) -> None:
    assert listed(origin, ["https://shop.example", "https://*.sub.example"]) is fits


def test_calls_without_an_origin() -> None:
    rules = ["https://shop.example"]
    assert admits({}, "pult.example", [])
    assert not admits({}, "pult.example", rules)
    assert admits({"Sec-Fetch-Site": "same-origin"}, "pult.example", rules)
    assert not admits({"Sec-Fetch-Site": "cross-site"}, "pult.example", rules)
    assert admits({"Origin": "https://pult.example"}, "pult.example", rules)


def test_bucket_empties_and_fills_by_key() -> None:
    buckets = Buckets(rate=2, burst=3)
    assert [buckets.take("a", NOW) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a", NOW) == pytest.approx(0.5)
    assert buckets.take("b", NOW) == 0
    later = NOW + timedelta(seconds=0.5)
    assert buckets.take("a", later) == 0
    assert buckets.take("a", later) > 0
    assert buckets.take("a", NOW) > 0, "a clock that goes back gives nothing"


def test_buckets_do_not_grow_without_end() -> None:
    buckets = Buckets(rate=1, burst=1)
    for number in range(KEYS_MAX + 10):
        buckets.take(str(number), NOW)
    assert len(buckets._buckets) == KEYS_MAX


def test_an_ipv6_customer_is_one_address() -> None:
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:2:ffff::9")
    assert neighbourhood("2001:db8:1:2::1") != neighbourhood("2001:db8:1:3::1")
    assert neighbourhood("::ffff:10.0.0.1") == neighbourhood("10.0.0.1") == "10.0.0.1"
    assert neighbourhood(None) == ""
    assert neighbourhood("unix:") == "unix:"


def test_token_is_good_for_one_channel_only() -> None:
    token = tokens.token_of(7, VISITOR)
    assert tokens.visitor_of(7, token) == VISITOR
    assert tokens.visitor_of(8, token) is None
    assert tokens.visitor_of(7, token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert tokens.visitor_of(7, "") is None
    assert tokens.visitor_of(7, tokens.token_of(7, "не имя")) is None


def test_file_names_expire_and_belong_to_one_visitor() -> None:
    name = tokens.file_name(VISITOR, 5, NOW)
    assert name == tokens.file_name(VISITOR, 5, NOW + timedelta(minutes=1))
    assert tokens.attachment_of(name, NOW + timedelta(hours=11)) == 5
    assert tokens.attachment_of(name, NOW + timedelta(hours=25)) is None
    assert tokens.genuine(name, VISITOR)
    assert not tokens.genuine(name, VISITOR[::-1])
    assert not tokens.genuine(name.replace("5.", "6.", 1), VISITOR)
    assert tokens.attachment_of("5.x.y", NOW) is None
    assert tokens.attachment_of("../../etc", NOW) is None


@pytest.mark.parametrize(
    ("name", "declared", "sniffed", "found"),
    [
        ("a.jpg", "image/jpeg", "image/jpeg", (Kind.PHOTO, "image/jpeg")),
        ("a.jpg", "image/jpeg", kinds.PLAIN, (Kind.DOCUMENT, kinds.PLAIN)),
        ("a.txt", "text/plain", "image/png", (Kind.PHOTO, "image/png")),
        ("a.gif", "image/gif", "image/gif", (Kind.ANIMATION, "image/gif")),
        ("a.ogg", "audio/ogg", "audio/ogg", (Kind.AUDIO, "audio/ogg")),
        ("a.mp4", "", "video/mp4", (Kind.VIDEO, "video/mp4")),
        ("a.pdf", "", "application/pdf", (Kind.DOCUMENT, "application/pdf")),
        ("a.bin", "text/html", kinds.PLAIN, (Kind.DOCUMENT, kinds.PLAIN)),
        ("a", "a b; <script>", kinds.PLAIN, (Kind.DOCUMENT, kinds.PLAIN)),
    ],
)
def test_kinds(name: str, declared: str, sniffed: str, found: tuple[Kind, str]) -> None:
    assert kinds.classify(name, declared, sniffed) == found


@pytest.mark.parametrize("name", ["a.exe", "A.EXE", "a.pdf.js", "a.exe.", "b.svg", "c.html "])
def test_what_runs_is_refused(name: str) -> None:
    assert kinds.refused(name)


def test_names_of_files_are_bare() -> None:
    assert kinds.safe_name("../../etc/passwd") == "passwd"
    assert kinds.safe_name("C:\\x\\счёт.pdf") == "счёт.pdf"
    assert kinds.safe_name('a"\r\n<b>\u202egpj.exe') == "abgpj.exe"
    assert kinds.safe_name(None) == "file"
    assert len(kinds.safe_name("я" * 300 + ".pdf")) == 120
    assert not kinds.refused("счёт.pdf")


def test_settings_from_the_command_line() -> None:
    config = Config.model_validate(
        {"origins": "https://Shop.example/, https://*.b.example", "ask": "name,phone"}
    )
    assert config.origins == ["https://shop.example", "https://*.b.example"]
    assert config.ask == ["name", "phone"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"colour": "red"},
        {"origins": ["shop.example"]},
        {"origins": ["https://shop.example/page"]},
        {"ask": "passport"},
        {"privacy_url": "javascript:alert(1)"},
        {"max_file_mb": 0},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Config.model_validate(wrong)


def test_language() -> None:
    assert language_for(Config(), "ru-RU") == "ru"
    assert language_for(Config(), "de") == "en"
    assert language_for(Config(), "") == "en"
    assert language_for(Config(language="ru"), "en") == "ru"
    assert texts(Config(greeting_en="Hi"), "en")["greeting"] == "Hi"


def test_the_script_is_small_and_has_a_tag() -> None:
    script = assets.widget_js()
    assert len(script) <= 40 * 1024
    assert assets.widget_etag().startswith('"')
    assert b"innerHTML" not in script
    assert b"insertAdjacentHTML" not in script
    assert b"document.cookie" not in script


def test_squeezing_keeps_strings_and_regexes() -> None:
    source = 'const a = "x // y"; // gone\nlet b = /["\'] \\/ [/]/g; const c = `k  ${ a }  z`;'
    assert minify.script(source) == (
        'const a="x // y";let b=/["\'] \\/ [/]/g;const c=`k  ${ a }  z`;'
    )
    assert minify.script("x = a + +b; return y - -z;") == "x=a+ +b;return y- -z;"


def test_short_names_leave_properties_alone() -> None:
    source = minify.script(
        "const item = { name: 1 }; const { name, size = 2 } = item; const out = { name, size };"
        "const sum = (item, other) => item.name + other.name + `${item.name}`; use(out, sum);"
    )
    short = mangle.shorten(source)
    assert ".name" in short
    assert "{name:1}" in short
    assert "item" not in short
    assert "name:" in short.split("=item", 1)[0]
