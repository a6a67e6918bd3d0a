"""Amounts of money as people type them, in decimals, and as the API wants them, in minor units."""

import re
from typing import Final

from contracts.reply import FieldError
from gateway.pages.forms import Form
from gateway.pages.rendering import decimals_of

_TYPED: Final = re.compile(r"(\d{1,13})(?:[.,](\d+))?")


class NotAnAmountError(ValueError):
    """What was typed is no amount; the text says why, for whoever typed it."""


def minor_units(text: str, currency: str) -> int:
    """Return "12.50" as 1250, in a currency with cents; a comma is as good as a point.

    Raises `NotAnAmountError`: for more decimals than the currency has, and for signs and thousands
    separators, of which nobody knows what was meant.
    """
    decimals = decimals_of(currency)
    example = typed_as(1250 * 10**decimals // 100, currency)
    found = _TYPED.fullmatch(text.replace("\N{NO-BREAK SPACE}", " ").replace(" ", ""))
    if found is None:
        raise NotAnAmountError(f"Type an amount, such as {example}.")
    whole, part = found[1], found[2] or ""
    if len(part) > decimals:
        allowed = f"at most {decimals} decimals" if decimals else "no decimals"
        raise NotAnAmountError(f"{currency} has {allowed}: type an amount such as {example}.")
    return int(whole + part.ljust(decimals, "0"))


def typed_as(amount: int, currency: str) -> str:
    """Return 1250 as "12.50", as a field of a form has it."""
    decimals = decimals_of(currency)
    return f"{amount / 10**decimals:.{decimals}f}"


def amount_in(
    form: Form, name: str, currency: str, wrong: list[FieldError], *, needed: bool = False
) -> int | None:
    """Return the amount of a field, or None for an empty one; what is wrong with it is added."""
    text = form.text(name)
    if not text and not needed:
        return None
    try:
        return minor_units(text, currency)
    except NotAnAmountError as error:
        wrong.append(FieldError(field=name, message=str(error)))
        return None
