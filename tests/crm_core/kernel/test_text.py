"""UTF-16 measures and the places where a sign must stay whole."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_core.kernel.text import clip_span, joins, utf16_len, utf16_offsets, utf16_slice

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@calm
@given(TEXT)
def test_length_equals_the_encoded_one(text: str) -> None:
    assert utf16_len(text) == len(text.encode("utf-16-le")) // 2
    assert utf16_offsets(text)[-1] == utf16_len(text)


@calm
@given(TEXT, st.data())
def test_slices_equal_the_encoded_ones(text: str, data: st.DataObject) -> None:
    offsets = utf16_offsets(text)
    start = data.draw(st.sampled_from(offsets))
    end = data.draw(st.sampled_from([offset for offset in offsets if offset >= start]))
    raw = text.encode("utf-16-le")[start * 2 : end * 2]
    assert utf16_slice(text, start, end - start) == raw.decode("utf-16-le")


def test_a_half_character_is_left_out() -> None:
    assert utf16_slice("a😀b", 2, 2) == "b"
    assert utf16_slice("a😀b", 0, 2) == "a"
    assert utf16_slice("😀", 1, 1) == ""


def test_spans_are_clipped() -> None:
    assert clip_span(2, 5, 4, 10) == (0, 3)
    assert clip_span(4, 2, 0, 10) == (4, 2)
    assert clip_span(0, 4, 4, 8) is None


def test_signs_made_of_several_characters_hold_together() -> None:
    for sign in ("👨\u200d👩\u200d👧", "👍🏽", "e\u0301", "❤\ufe0f", "🇷🇺", "\r\n"):
        text = f"x{sign}y"
        places = [index for index in range(1, len(text)) if not joins(text, index)]
        assert places == [1, len(text) - 1], sign


def test_flags_in_a_row_part_between_flags() -> None:
    text = "🇷🇺🇩🇪"
    assert [index for index in range(1, 4) if not joins(text, index)] == [2]
