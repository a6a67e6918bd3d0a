"""Phone numbers: however they were typed, they are compared in E.164 form (rule G8)."""

from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=10_000)
def in_e164(typed: str, region: str | None) -> str | None:
    """Return the number in E.164 form, None when it is none.

    `region` (ISO 3166) is that of numbers without a prefix.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
