"""Codes of statements: read back, or refused when a character is wrong."""

from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.documents.statement_codes import in_groups, qr_text, square
from beneficiaries.models import Statement
from beneficiaries.services import statement_codes as codes

drawn = st.builds(codes.new_code)
places = st.integers(0, codes.LENGTH - 1)


def test_a_code_fits_its_column_and_comes_once():
    many = {codes.new_code() for _ in range(500)}
    assert len(many) == 500
    assert {len(code) for code in many} == {Statement._meta.get_field("code").max_length}
    assert not set("".join(many)) & set("015AEIOULZSBV")


@given(drawn, st.integers(1, 99))
def test_a_code_is_read_from_its_square_and_from_what_people_type(code, page):
    assert codes.mark_in(qr_text(code, page)) == codes.Mark(code, page)
    assert codes.code_in(qr_text(code, page)) == code
    assert codes.code_in(f" {in_groups(code).lower()}\n") == code
    assert codes.code_in("-".join(code)) == code


@given(drawn, places, st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_seen(code, place, other):
    wrong = code[:place] + other + code[place + 1 :]
    assert codes.code_in(wrong) == (code if wrong == code else None)
    assert codes.mark_in(qr_text(wrong)) == (codes.Mark(code) if wrong == code else None)


@given(drawn, places, places)
def test_two_characters_exchanged_are_seen(code, first, second):
    letters = list(code)
    letters[first], letters[second] = letters[second], letters[first]
    wrong = "".join(letters)
    assert codes.code_in(wrong) == (code if wrong == code else None)


def test_other_squares_are_not_ours():
    code = codes.new_code()
    for text in ("", "https://example.org", code[:-1], f"{code}2", f"AUTRE:{code}:1", "AUTOPROD:1"):
        assert codes.code_in(text) is None
    assert codes.mark_in(code) is None
    assert codes.mark_in(f"AUTOPROD:{code}:0") is None


def test_the_square_is_drawn_without_style():
    svg = square(codes.new_code())
    assert svg.startswith("<svg")
    assert "style" not in svg
