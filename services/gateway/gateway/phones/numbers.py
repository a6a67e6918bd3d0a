"""Numbers as they are compared: in E.164 form, as booking keeps them."""

import phonenumbers

from web.problems import invalid_field


def in_e164(typed: str, region: str) -> str:
    """Return the number in E.164 form, or refuse the field `phone`.

    `region` (ISO 3166) is that of numbers without a prefix.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        wrong = f"is not a phone number in {region} or with its country's prefix"
        raise invalid_field("phone", wrong)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
