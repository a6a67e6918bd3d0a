"""Amounts of money as people type them, and as forms show them again."""

import re
from typing import Final

from gateway.pages.rendering import decimals_of
from web.problems import invalid_field

_AMOUNT: Final = re.compile(r"([0-9]{1,10})(?:[.,]([0-9]{1,3}))?")


def minor_units(text: str, currency: str, *, field: str) -> int:
    """Return "12.50" or "12,5" as 1250; raises `ProblemError` about `field` for what is no amount.

    Nobody's digits are rounded away: 12.505 is no amount of euros.
    """
    digits = decimals_of(currency)
    found = _AMOUNT.fullmatch(text.replace(" ", ""))
    decimals = (found[2] or "") if found else ""
    if found is None or len(decimals) > digits:
        example = f"12.{'5'.ljust(digits, '0')}" if digits else "12"
        raise invalid_field(field, f"Type an amount in {currency}, such as {example}.")
    return int(found[1] + decimals.ljust(digits, "0"))


def as_typed(amount: int, currency: str) -> str:
    """Return 1250 minor units as "12.50", for a field of a form."""
    digits = decimals_of(currency)
    return f"{amount / 10**digits:.{digits}f}"
