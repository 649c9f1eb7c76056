"""Mail addresses as their services read them: which texts are one and the same box. Pure."""

from __future__ import annotations

# Services where anybody gets a box: their domain says nothing about who writes.
PUBLIC = frozenset(
    [
        "gmail.com",
        "mail.ru",
        "bk.ru",
        "inbox.ru",
        "list.ru",
        "internet.ru",
        "xmail.ru",
        "yandex.ru",
        "rambler.ru",
        "lenta.ru",
        "autorambler.ru",
        "myrambler.ru",
        "ro.ru",
        "vk.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "live.ru",
        "msn.com",
        "icloud.com",
        "me.com",
        "yahoo.com",
        "ymail.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "tut.by",
        "mail.ua",
        "ukr.net",
        "i.ua",
        "meta.ua",
        "bigmir.net",
        "gmx.de",
        "gmx.com",
        "web.de",
        "aol.com",
        "zoho.com",
        "fastmail.com",
        "qip.ru",
        "pochta.ru",
        "nm.ru",
        "e1.ru",
        "ngs.ru",
        "narod.ru",
        "mail.com",
        "duck.com",
        "vivaldi.net",
        "tuta.io",
    ]
)
# Several domains of one service: the box is the same.
ALIASES = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    **dict.fromkeys(
        ("ya.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "narod.ru"), "yandex.ru"
    ),
}
# Where a dot means nothing, and where a hyphen and a dot are the same.
DOTLESS, HYPHENED = frozenset({"gmail.com"}), frozenset({"yandex.ru"})


def box(address: str) -> str:
    """The box an address leads to: `a.b+shop@googlemail.com` is `ab@gmail.com`.

    A tag after a plus is cut everywhere; dots only where the service ignores them.
    """
    name, _at, domain = address.lower().rpartition("@")
    domain = ALIASES.get(domain, domain)
    name = name.split("+", 1)[0] or name
    if domain in DOTLESS:
        name = name.replace(".", "")
    elif domain in HYPHENED:
        name = name.replace("-", ".")
    return f"{name}@{domain}"


def coarse(address: str) -> str:
    """What equal boxes have in common in every spelling but the domain; an index is on it."""
    name, _at, domain = address.lower().rpartition("@")
    bare = name.split("+", 1)[0].replace(".", "").replace("-", "")
    return f"{bare}@{domain}"


def spellings(address: str) -> list[str]:
    """The coarse forms under which the same box may be written down elsewhere."""
    name, _at, domain = coarse(address).rpartition("@")
    main = ALIASES.get(domain, domain)
    family = {main, domain} | {alias for alias, real in ALIASES.items() if real == main}
    return sorted(f"{name}@{one}" for one in family)


def company_domain(address: str) -> str | None:
    """The domain when it belongs to a company, None for a public mail service."""
    domain = address.lower().rpartition("@")[2]
    known = ALIASES.get(domain, domain)
    return None if known in PUBLIC else known
