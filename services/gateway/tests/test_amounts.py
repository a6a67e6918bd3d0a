"""Amounts as people type them."""

import pytest

from contracts.reply import FieldError
from gateway.pages.amounts import NotAnAmountError, amount_in, minor_units, typed_as
from gateway.pages.forms import Form


@pytest.mark.rule("X5")
@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12.50", "EUR", 1250),
        ("12,5", "EUR", 1250),
        ("0.07", "USD", 7),
        ("1 200", "EUR", 120_000),
        ("65", "EUR", 6500),
        ("1200", "JPY", 1200),
        ("1.250", "KWD", 1250),
        ("992547409.93", "EUR", 99_254_740_993),
    ],
)
def test_an_amount_is_read_in_the_minor_units_of_its_currency(
    text: str, currency: str, amount: int
) -> None:
    assert minor_units(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "EUR"),
        ("abc", "EUR"),
        ("-5", "EUR"),
        ("1,250", "EUR"),
        ("1.000,00", "EUR"),
        ("12.5", "JPY"),
        ("1e3", "EUR"),
        (".5", "EUR"),
        ("9" * 14, "EUR"),
    ],
)
def test_what_is_no_amount_is_told_and_never_guessed(text: str, currency: str) -> None:
    with pytest.raises(NotAnAmountError):
        minor_units(text, currency)


@pytest.mark.parametrize("amount", [0, 7, 1250, 99_254_740_993])
@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_an_amount_that_is_shown_in_a_field_is_read_as_itself(amount: int, currency: str) -> None:
    assert minor_units(typed_as(amount, currency), currency) == amount


def test_a_wrong_amount_is_told_at_its_field() -> None:
    wrong: list[FieldError] = []
    form = Form([("price", "a lot"), ("discount", "")])
    assert amount_in(form, "discount", "EUR", wrong) is None
    assert amount_in(form, "price", "EUR", wrong) is None
    assert amount_in(form, "fee", "EUR", wrong, needed=True) is None
    assert [error.field for error in wrong] == ["price", "fee"]
    assert all("12.50" in error.message for error in wrong)
