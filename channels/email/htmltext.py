"""HTML of mails as plain text: paragraphs, lists, links written out, quotes with `>`. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = (
    "address article aside blockquote center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section table tbody tfoot thead tr ul"
)
BLOCKS = frozenset(_BLOCKS.split())
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "ul", "ol"})
SILENT = frozenset({"script", "style", "title", "head", "noscript", "svg", "math", "template"})
DEEPEST_QUOTE = 8
LONGEST = 2_000_000


def text_of(html: str) -> str:
    """What a reader of the HTML would read. Broken HTML gives what there is."""
    reader = _Reader()
    reader.feed(html[:LONGEST])
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects lines; `_quote` is how deep in quotes we are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._quote = 0
        self._silent = 0
        self._pre = 0
        self._link: tuple[str, int] | None = None

    def text(self) -> str:
        self._break()
        joined = "\n".join(self._lines)
        return re.sub(r"\n{3,}", "\n\n", joined).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        if tag == "br":
            self._break(forced=True)
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self._line))
        elif tag in {"td", "th"} and self._line.strip():
            self._line += "  "
        if tag in BLOCKS:
            self._open(tag)

    def _open(self, tag: str) -> None:
        self._break(spaced=tag in SPACED)
        if tag == "blockquote":
            self._quote += 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "li":
            self._line = "• "
        elif tag == "hr":
            self._line = "________________________________"
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(self._silent - 1, 0)
        if tag == "a":
            self._end_link()
        if tag in BLOCKS:
            self._break(spaced=tag in SPACED)
        if tag == "blockquote":
            self._quote = max(self._quote - 1, 0)
        elif tag == "pre":
            self._pre = max(self._pre - 1, 0)

    def _end_link(self) -> None:
        """A link whose words do not name its address is written out."""
        href, start = self._link or ("", 0)
        self._link = None
        shown = self._line[start:].strip()
        bare = re.sub(r"^(mailto:|tel:)|/$", "", href)
        if shown and href.startswith(("http://", "https://")) and bare not in (shown, f"{shown}/"):
            self._line += f" <{href}>"

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._pre:
            first, *rest = data.split("\n")
            self._line += first
            for line in rest:
                self._break(forced=True)
                self._line += line
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data.replace("\xa0", " "))
        self._line += words.lstrip() if not self._line else words

    def _break(self, *, forced: bool = False, spaced: bool = False) -> None:
        line, self._line = self._line.rstrip(), ""
        mark = "> " * min(self._quote, DEEPEST_QUOTE)
        if line or forced:
            self._lines.append(f"{mark}{line}".rstrip())
        if spaced and self._lines and self._lines[-1].strip("> "):
            self._lines.append(mark.rstrip())
