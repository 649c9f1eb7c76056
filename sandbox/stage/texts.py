"""The stage's own texts, Russian and English, with the application's words put over them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sandbox.stage.config import StageConfig

FOLDER = Path(__file__).with_name("texts")
LANGUAGES = ("ru", "en")

Texts = dict[str, str]


@cache
def shipped(language: str, part: str) -> Texts:
    """Texts of one part: `page` or `shop`."""
    found: Texts = json.loads((FOLDER / f"{part}.{language}.json").read_text("utf-8"))
    return found


def page_texts(config: StageConfig) -> dict[str, Texts]:
    return {
        language: shipped(language, "page") | dict(config.texts.get(language, {}))
        for language in LANGUAGES
    }


def chosen(language: str | None, config: StageConfig) -> str:
    """A language the stage speaks: the wanted one, else the configured one."""
    wanted = language or config.language
    return wanted if wanted in LANGUAGES else "en"
