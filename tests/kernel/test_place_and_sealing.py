import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianxian.kernel.place import NotAPlaceCode, around, checked
from qianxian.kernel.sealing import Seal, Unreadable

CODES = [
    ("990101", "990101"),
    ("990101001000", "990101001"),
    ("990101000000", "990101"),
    ("990101001001", "990101001001"),
    ("990101001001002", "990101001001002"),
]


@pytest.mark.parametrize(("given_code", "kept"), CODES)
def test_padding_zeros_of_a_place_code_are_dropped(given_code, kept):
    assert checked(given_code) == kept


@pytest.mark.parametrize("wrong", ["", "9", "99010", "99010100", "9901010x", "９９０１０１", "9901010010010011"])
def test_what_is_no_place_code_is_refused(wrong):
    with pytest.raises(NotAPlaceCode):
        checked(wrong)


def test_a_place_lies_in_every_shorter_code():
    assert list(around("990101001001")) == ["990101001001", "990101001", "990101", "9901", "99", ""]


KEY = bytes(range(32))


@given(st.text(max_size=60))
def test_what_is_sealed_opens_again_and_never_seals_alike(text):
    seal = Seal(KEY)
    assert seal.open(seal.close(text)) == text
    assert seal.close(text) != seal.close(text)
    assert seal.index(text) == Seal(KEY).index(text)


@given(st.text(min_size=1, max_size=20), st.data())
def test_a_changed_bit_is_found(text, data):
    sealed = bytearray(Seal(KEY).close(text))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unreadable):
        Seal(KEY).open(bytes(sealed))


def test_another_key_opens_nothing_and_finds_nothing():
    other = Seal(bytes(32))
    with pytest.raises(Unreadable):
        other.open(Seal(KEY).close("19900001111"))
    assert other.index("19900001111") != Seal(KEY).index("19900001111")


def test_a_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"short")
