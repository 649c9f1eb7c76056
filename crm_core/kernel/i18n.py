"""Texts for people: gettext catalogues of every room, Russian and English.

Message ids are English. `_` translates into the language in force, `N_` only marks.
Catalogues are `<room>/locales/<language>.po`, compiled in memory.
"""

from __future__ import annotations

import gettext as std
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from crm_core.kernel.errors import CrmError

LANGUAGES = ("ru", "en")
ROOT = Path(__file__).resolve().parents[2]

_language: ContextVar[str] = ContextVar("language", default="ru")


def catalogues(language: str) -> list[Path]:
    """Every room's catalogue of a language: `<room>/locales` or `<room>/<slice>/locales`."""
    # Not deeper: the data folder may stand beside the rooms.
    places = (f"[a-z]*/locales/{language}.po", f"[a-z]*/[a-z]*/locales/{language}.po")
    return sorted(path for place in places for path in ROOT.glob(place))


@cache
def translations(language: str) -> std.NullTranslations:
    """All rooms' texts of one language; English texts are the message ids themselves."""
    found: std.NullTranslations | None = None
    for path in catalogues(language):
        one = _compile(path, language)
        if found is None:
            found = one
        else:
            found.add_fallback(one)
    return found or std.NullTranslations()


def _compile(path: Path, language: str) -> std.GNUTranslations:
    with path.open("rb") as source:
        # Without `locale` Babel drops the plural forms.
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return std.GNUTranslations(compiled)


def current() -> str:
    """The language in force: `ru` or `en`."""
    return _language.get()


@contextmanager
def using(language: str | None) -> Iterator[None]:
    """Speak `language` inside; unknown ones fall back to English, None changes nothing."""
    chosen = current() if language is None else (language if language in LANGUAGES else "en")
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str) -> str:
    # The empty message id is the catalogue's own header.
    return translations(current()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    return translations(current()).ngettext(singular, plural, number)


def mark(message: str) -> str:
    """Mark a text for the catalogue without translating it here."""
    return message


def explain(error: CrmError) -> str:
    """A refusal in the language in force."""
    text = gettext(error.message)
    return text % error.params if error.params else text


_ = gettext
N_ = mark
