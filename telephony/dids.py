"""Where calls to each dialled number go: `74950011277=Sales; 74950012=queue:support`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Some PBXs leave out the country or the city: the end of a number is enough from here on.
ENOUGH = 5
_TARGET = re.compile(r"ext:\d{2,10}(&\d{2,10})*|queue:[\w-]{1,80}|[^:=;]{1,120}")


@dataclass(frozen=True, slots=True)
class Dids:
    """(digits, target) pairs: a queue of ours by its name, ext:101&102, or queue:one of the PBX."""

    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Dids:
        """Raises ValueError with an example when the text can't be read."""
        found = []
        for part in filter(None, (one.strip() for one in text.split(";"))):
            number, _, target = (one.strip() for one in part.partition("="))
            digits = _digits(number)
            if not digits or not _TARGET.fullmatch(target):
                message = (
                    "must look like 74950011277=Sales; 74950012=queue:support; 74950013=ext:101"
                )
                raise ValueError(message)
            found.append((digits, target))
        return cls(tuple(found))

    def target(self, did: str | None) -> str:
        """Where calls to this number go; nothing: as all calls do."""
        dialled = _digits(did or "")
        exact = [target for digits, target in self.pairs if digits == dialled]
        ends = [target for digits, target in self.pairs if _same_end(digits, dialled)]
        return (exact or ends or [""])[0]


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _same_end(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return len(short) >= ENOUGH and long.endswith(short)
