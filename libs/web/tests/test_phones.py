"""Numbers are the same number however they are typed."""

import pytest

from web.phones import in_e164


@pytest.mark.rule("G8")
@pytest.mark.parametrize("typed", ["912 345 678", "+351 912-345-678", "00351912345678"])
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert in_e164(typed, "PT") == "+351912345678"


def test_without_a_region_a_number_needs_its_prefix() -> None:
    assert in_e164("912 345 678", None) is None
    assert in_e164("+351 912 345 678", None) == "+351912345678"


@pytest.mark.parametrize("typed", ["", "yoga", "12", "+999 1"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert in_e164(typed, "PT") is None
