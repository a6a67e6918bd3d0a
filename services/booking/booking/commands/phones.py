"""Phone numbers in commands: refused when they are none, and found in what was said (rule G8)."""

import re
from collections.abc import Iterable

import phonenumbers

from booking.domain.refusals import invalid
from web.phones import in_e164


def phone_number(typed: str, region: str | None) -> str:
    """Return the number in E.164 form, or refuse the field `phone`."""
    number = in_e164(typed, region)
    if number is None:
        hint = f"in {region} or with its country's prefix" if region else "with a country's prefix"
        raise invalid("phone", f"is not a phone number {hint}")
    return number


def typed_somehow(numbers: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of numbers in E.164 form, with or without a prefix, spaces and signs.

    What stands between digits is anything that is not read: other spaces and dashes, too.
    """
    digits = (str(phonenumbers.parse(number).national_number) for number in numbers)
    return re.compile("|".join(r'[^\w"]*'.join(one) + "(?![0-9])" for one in digits))
