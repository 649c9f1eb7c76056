"""Where calls to each dialled number go."""

from __future__ import annotations

import pytest

from telephony.dids import Dids

TEXT = "+7 495 001-12-77=Продажи; 74950012=queue:support; 74950013=ext:101&102"


@pytest.mark.parametrize(
    ("did", "target"),
    [
        ("74950011277", "Продажи"),
        ("+74950011277", "Продажи"),
        ("4950011277", "Продажи"),
        ("74950012", "queue:support"),
        ("74950013", "ext:101&102"),
        ("74950014", ""),
        ("77", ""),
        (None, ""),
    ],
)
def test_a_number_is_known_by_its_end(did: str | None, target: str) -> None:
    assert Dids.parse(TEXT).target(did) == target


@pytest.mark.parametrize("wrong", ["Продажи", "=Продажи", "74950012=", "74950012=ext:call me"])
def test_what_can_not_be_read_is_refused_with_an_example(wrong: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        Dids.parse(wrong)
