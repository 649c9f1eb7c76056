"""Answers to whoever calls: JSON for scripts and services, a page for people, the form's script."""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from channels.leads.config import Config
from crm_core.kernel import i18n
from crm_core.kernel.i18n import gettext as _
from routing.contracts import HookReply

SCRIPT = Path(__file__).with_name("static") / "form.js"
PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{line}</title>
<body style="font:18px system-ui;margin:15vh auto;max-width:30em;padding:0 1em">
<p>{line}</p><p><a href="javascript:history.back()">{back}</a></p></body></html>"""


def taken() -> HookReply:
    """What services want to hear."""
    return data({"result": "ok"})


def data(found: dict[str, Any], status: int = 200) -> HookReply:
    return HookReply(status=status, body=orjson.dumps(found), content_type="application/json")


def page(line: str, status: int, language: str) -> HookReply:
    """For a form that was sent without scripts."""
    with i18n.using(language):
        filled = PAGE.format(
            language=language, line=html.escape(_(line)), back=html.escape(_("← Back to the site"))
        )
    return HookReply(status=status, body=filled.encode(), content_type="text/html")


def moved(url: str) -> HookReply:
    return HookReply(status=303, headers={"Location": url})


def script(config: Config, action: str) -> HookReply:
    """The ready form as a script: it draws the form where its tag stands."""
    settings = {
        "action": action,
        "fields": config.fields,
        "heading": config.heading,
        "privacy": config.privacy_url,
        "trap": config.trap,
        "texts": {language: texts(language) for language in ("ru", "en")},
    }
    # Only ASCII: it reads the same whatever the page's encoding is.
    filled = orjson.dumps(settings).decode().replace("<", "\\u003c")
    ascii_only = "".join(char if char < "\x80" else escaped(char) for char in filled)
    body = _source().replace("__SETTINGS__", ascii_only)
    return HookReply(
        body=body.encode(),
        content_type="text/javascript",
        headers={"Cache-Control": "public, max-age=300"},
    )


def escaped(char: str) -> str:
    """As scripts write it: UTF-16 code units."""
    raw = char.encode("utf-16-be")
    return "".join(f"\\u{raw[n]:02x}{raw[n + 1]:02x}" for n in range(0, len(raw), 2))


@cache
def _source() -> str:
    return SCRIPT.read_text("utf-8")


def texts(language: str) -> dict[str, str]:
    """Words of the form in one language."""
    with i18n.using(language):
        return {
            "name": _("Name"),
            "phone": _("Phone"),
            "email": _("E-mail"),
            "message": _("Message"),
            "send": _("Send"),
            "sending": _("Sending…"),
            "thanks": _("Thank you. We will contact you."),
            "failed": _("It was not sent. Check the connection and try again."),
            "privacy": _("By sending I agree to the processing of personal data"),
        }
