"""Mails as they really come: broken headers, undeclared charsets, odd parts. Built by hand.

name -> (raw mail, what must stand in: subject, text, sender's name, names of files).
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from urllib.parse import quote

TEXT = "Добрый день! Пришлите, пожалуйста, прайс-лист."
SUBJECT = "Запрос цены"
NAME = "Иван Петров"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nasty:
    """A raw mail and what must be read out of it; None: does not matter."""

    raw: bytes
    subject: str | None = SUBJECT
    text: str | None = TEXT
    name: str | None = NAME
    files: tuple[str, ...] = field(default=())


def word(text: str, charset: str = "utf-8") -> str:
    return f"=?{charset}?B?{base64.b64encode(text.encode(charset)).decode()}?="


def plain(
    text: bytes = TEXT.encode(),
    *,
    kind: str = "text/plain; charset=utf-8",
    head: bytes = f"Subject: {word(SUBJECT)}\nFrom: {word(NAME)} <ivan@client.example>\n".encode(),
    rest: str = "",
) -> bytes:
    encoding = "" if "Content-Transfer-Encoding" in rest else "Content-Transfer-Encoding: 8bit\n"
    top = head + f"To: sales@shop.example\nMIME-Version: 1.0\nContent-Type: {kind}\n".encode()
    return (top + encoding.encode() + rest.encode() + b"\n" + text).replace(b"\n", b"\r\n")


def mixed(*parts: bytes, kind: str = "multipart/mixed", end: bytes = b"--b--\n") -> bytes:
    body = b"".join(b"--b\n" + part + b"\n" for part in parts) + end
    return plain(body, kind=f'{kind}; boundary="b"')


def leaf(content: bytes, kind: str = "text/plain; charset=utf-8", rest: str = "") -> bytes:
    return f"Content-Type: {kind}\n{rest}\n".encode() + content


def attached(name: str, content: bytes = b"data", kind: str = "application/pdf") -> bytes:
    disposition = f"Content-Disposition: attachment; {name}\nContent-Transfer-Encoding: base64\n"
    return leaf(base64.b64encode(content), kind, disposition)


def heading(subject: str, sender: str) -> bytes:
    return f"Subject: {subject}\nFrom: {sender}\n".encode()


def raw_header(charset: str) -> bytes:
    return f"Subject: {SUBJECT}\nFrom: {NAME} <ivan@client.example>\n".encode(charset)


def tnef(*files: tuple[str, bytes]) -> bytes:
    """A winmail.dat as Outlook makes it: short name, content, and the long name as a property."""
    out = struct.pack("<IH", 0x223E9F78, 1)

    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return (
            struct.pack("<BII", level, kind, len(data))
            + data
            + struct.pack("<H", sum(data) & 0xFFFF)
        )

    out += attribute(1, 0x089006, struct.pack("<I", 0x00010000))
    for name, content in files:
        long = (name + "\0").encode("utf-16-le")
        long += b"\0" * (-len(long) % 4)
        size = len((name + "\0").encode("utf-16-le"))
        properties = struct.pack("<IHHII", 1, 0x1F, 0x3707, 1, size) + long
        out += attribute(2, 0x069002, b"\0" * 14)
        out += attribute(2, 0x018010, b"SHORT~1.PDF\0")
        out += attribute(2, 0x06800F, content)
        out += attribute(2, 0x069005, properties)
    return out


WINMAIL = tnef(("Счёт на оплату.pdf", b"%PDF-1.4"), ("план.xlsx", b"PK"))
ICS = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Показ объекта\r\n"
    "DTSTART;TZID=Europe/Moscow:20241115T101500\r\nLOCATION:Ленина\\, 5\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()
HTML = f"<html><body><p>{TEXT}</p><img src='cid:logo'></body></html>".encode()

MAILS: dict[str, Nasty] = {
    **{
        f"undeclared-{charset}": Nasty(
            raw=plain(TEXT.encode(charset), kind="text/plain", head=raw_header(charset))
        )
        for charset in ("windows-1251", "koi8-r", "utf-8")
    },
    **{
        f"declared-{declared}": Nasty(
            raw=plain(TEXT.encode(real), kind=f"text/plain; charset={declared}")
        )
        for declared, real in (
            ("unknown-8bit", "cp1251"),
            ("x-unknown", "koi8-r"),
            ("none", "cp1251"),
            ("us-ascii", "cp1251"),
            ("iso-8859-1", "cp1251"),
            ("utf-8", "cp1251"),
            ("windows-1251", "utf-8"),
            ("no-such-charset", "koi8-r"),
            ("base64", "utf-8"),
            ('"windows-1251', "cp1251"),
            ("cp-1251", "cp1251"),
        )
    },
    "header-words-cut-inside-a-letter": Nasty(
        raw=plain(
            head=b"Subject: =?utf-8?B?0JfQsNC/0YDQvtGB?=\n =?utf-8?B?INGG0LXQvdGL?=\nFrom: "
            + b"=?utf-8?Q?=D0=98=D0=B2=D0?= =?utf-8?Q?=B0=D0=BD_=D0=9F=D0=B5?="
            + b" =?utf-8?Q?=D1=82=D1=80=D0=BE=D0=B2?= <ivan@client.example>\n"
        )
    ),
    "header-koi8-words": Nasty(
        raw=plain(head=heading(word(SUBJECT, "koi8-r"), f"{word(NAME, 'koi8-r')} <i@b.ru>"))
    ),
    "sender-wholly-one-word": Nasty(
        raw=plain(head=heading(word(SUBJECT), word(f"{NAME} <ivan@client.example>")))
    ),
    "sender-with-a-comma": Nasty(
        raw=plain(head=f'Subject: {word(SUBJECT)}\nFrom: "Петров, Иван" <i@b.ru>\n'.encode()),
        name="Петров, Иван",
    ),
    "sender-without-a-name": Nasty(
        raw=plain(head=f"Subject: {word(SUBJECT)}\nFrom: ivan@client.example\n".encode()), name=""
    ),
    "no-subject": Nasty(raw=plain(head=b"From: i@b.ru\n"), subject="", name=""),
    "headers-without-end": Nasty(raw=b"Subject: x\r\nFrom: i@b.ru", subject="x", text="", name=""),
    "bad-base64": Nasty(
        raw=plain(
            base64.b64encode(TEXT.encode())[:-1] + b"!", rest="Content-Transfer-Encoding: base64\n"
        ),
        text=None,
    ),
    "unknown-encoding": Nasty(raw=plain(rest="Content-Transfer-Encoding: x-own\n")),
    "no-boundary": Nasty(raw=plain(kind="multipart/mixed")),
    "boundary-never-ends": Nasty(raw=mixed(leaf(TEXT.encode()), end=b"")),
    "alternative": Nasty(
        raw=mixed(
            leaf(TEXT.encode()), leaf(b"<b>html</b>", "text/html"), kind="multipart/alternative"
        )
    ),
    "empty-text-beside-html": Nasty(
        raw=mixed(
            leaf(b" \n"), leaf(HTML, "text/html; charset=utf-8"), kind="multipart/alternative"
        )
    ),
    "html-only-cp1251": Nasty(
        raw=plain(HTML.decode().encode("cp1251"), kind="text/html; charset=windows-1251")
    ),
    "name-rfc2231": Nasty(
        raw=mixed(leaf(TEXT.encode()), attached("filename*=UTF-8''" + quote("Счёт № 5.pdf"))),
        files=("Счёт № 5.pdf",),
    ),
    "name-rfc2231-in-pieces": Nasty(
        raw=mixed(
            leaf(TEXT.encode()),
            attached(
                f"filename*0*=koi8-r''{quote('Счёт за '.encode('koi8-r'))};"
                f" filename*1*={quote('май.pdf'.encode('koi8-r'))}"
            ),
        ),
        files=("Счёт за май.pdf",),
    ),
    "name-encoded-word": Nasty(
        raw=mixed(leaf(TEXT.encode()), attached(f'filename="{word("Прайс.pdf")}"')),
        files=("Прайс.pdf",),
    ),
    "name-raw-bytes": Nasty(
        raw=mixed(
            leaf(TEXT.encode()),
            b'Content-Type: application/pdf; name="'
            + "Прайс на ноябрь.pdf".encode("cp1251")
            + b'"\n\nx',
        ),
        files=("Прайс на ноябрь.pdf",),
    ),
    "name-with-folders": Nasty(
        raw=mixed(leaf(TEXT.encode()), attached('filename="..\\\\..\\\\etc/passwd"')),
        files=("passwd",),
    ),
    "name-turned-round": Nasty(
        raw=mixed(leaf(TEXT.encode()), attached("filename*=UTF-8''" + quote("счёт\u202efdp.exe"))),
        files=("счётfdp.exe",),
    ),
    "empty-file": Nasty(
        raw=mixed(leaf(TEXT.encode()), attached("filename=a.pdf", b"")), files=("a.pdf",)
    ),
    "winmail": Nasty(
        raw=mixed(
            leaf(TEXT.encode()), attached("filename=winmail.dat", WINMAIL, "application/ms-tnef")
        ),
        files=("Счёт на оплату.pdf", "план.xlsx"),
    ),
    "winmail-broken": Nasty(
        raw=mixed(
            leaf(TEXT.encode()),
            attached("filename=winmail.dat", WINMAIL[:40], "application/ms-tnef"),
        ),
        files=("winmail.dat",),
    ),
    "invitation-only": Nasty(
        raw=plain(ICS, kind="text/calendar; charset=utf-8; method=REQUEST"),
        text="Показ объекта\n15.11.2024 10:15\nЛенина, 5",
        files=("invite.ics",),
    ),
    "attached-mail": Nasty(
        raw=mixed(leaf(TEXT.encode()), leaf(plain(), "message/rfc822")), files=("message.eml",)
    ),
    "inline-picture": Nasty(
        raw=mixed(
            leaf(HTML, "text/html; charset=utf-8"),
            leaf(b"\x89PNG" + b"x" * 9000, "image/png; name=logo.png", "Content-ID: <logo>\n"),
            kind="multipart/related",
        ),
        files=("logo.png",),
    ),
    "tiny-picture-of-a-signature": Nasty(
        raw=mixed(
            leaf(HTML, "text/html; charset=utf-8"),
            leaf(b"\x89PNG", "image/png; name=logo.png", "Content-ID: <logo>\n"),
            kind="multipart/related",
        )
    ),
    "signed": Nasty(
        raw=mixed(
            leaf(TEXT.encode()), attached("filename=smime.p7s", kind="application/pkcs7-signature")
        )
    ),
    "nul-bytes": Nasty(raw=plain(TEXT.encode() + b"\0\0")),
    "bare-carriage-returns": Nasty(
        raw=plain().replace(b"\r\n", b"\r"), subject=None, text=None, name=None
    ),
    "nothing": Nasty(raw=b"", subject="", text="", name=""),
    "noise": Nasty(raw=bytes(range(256)) * 8, subject=None, text=None, name=None),
    "two-thousand-deep": Nasty(
        raw=b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(2000)
        ),
        subject=None,
        text=None,
        name=None,
    ),
}
