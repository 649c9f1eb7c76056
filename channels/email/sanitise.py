"""HTML of strangers made harmless: no scripts, no forms, nothing loaded from afar. Pure."""

from __future__ import annotations

import re
from html import escape

import nh3

from channels.email.htmltext import text_of

LONGEST = 500_000
DEEPEST = 400
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
CLOSED_BY_THEMSELVES = frozenset(
    {"area", "base", "br", "col", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option"}
    | {"p", "source", "td", "th", "tr", "wbr"}
)
_TAGS = (
    "a abbr address b big blockquote br caption center cite code col colgroup dd del div dl dt em"
    " font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup"
    " table tbody td tfoot th thead tr tt u ul var"
)
TAGS = frozenset(_TAGS.split())
EVERYWHERE = {"align", "dir", "lang", "style", "title", "valign", "width", "height"}
ATTRIBUTES = {
    "*": EVERYWHERE,
    "a": {"href", "name"},
    "img": {"src", "alt"},
    "font": {"color", "face", "size"},
    "blockquote": {"type"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor"},
    "td": {"colspan", "rowspan", "bgcolor"},
    "th": {"colspan", "rowspan", "bgcolor"},
    "tr": {"bgcolor"},
    "ol": {"start", "type"},
}
_STYLES = (
    "background-color border border-bottom border-collapse border-left border-right border-top"
    " color font-family font-size font-style font-weight line-height list-style-type margin"
    " margin-left padding padding-left text-align text-decoration vertical-align white-space"
    " width"
)
STYLES = frozenset(_STYLES.split())
SCHEMES = {"http", "https", "mailto", "tel", "cid"}
SILENT = {"script", "style", "title", "head", "noscript", "iframe", "object", "svg", "math"}
# Escapes hide what a browser would load.
LOADS = re.compile(r"url\s*\(|image-set|expression|@import|\\", re.IGNORECASE)


def clean(html: str) -> str:
    """HTML that shows itself and nothing else: pictures only from the mail itself (`cid:`)."""
    html = html[:LONGEST]
    if not html.strip():
        return ""
    if _depth(html) > DEEPEST:
        return f"<pre>{escape(text_of(html))}</pre>"
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        attribute_filter=_harmless,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        filter_style_properties=set(STYLES),
    )


def _depth(html: str) -> int:
    """How deep tags stand in each other, roughly: building such a tree takes quadratic time."""
    depth = deepest = 0
    for match in TAG.finditer(html):
        if match[2].lower() not in CLOSED_BY_THEMSELVES:
            depth = max(depth - 1, 0) if match[1] else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        return value if value.strip().lower().startswith("cid:") else None
    if attribute == "style" and LOADS.search(value):
        return None
    return value
