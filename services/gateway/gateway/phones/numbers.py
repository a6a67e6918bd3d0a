"""Numbers as they are compared: in E.164 form, as booking keeps them."""

from contracts.problems import PHONE_NOT_CONFIRMED
from contracts.reply import Problem
from web import phones
from web.identity import Principal, Role
from web.problems import invalid_field


def in_e164(typed: str, region: str) -> str:
    """Return the number in E.164 form, or refuse the field `phone`."""
    number = phones.in_e164(typed, region)
    if number is None:
        wrong = f"is not a phone number in {region} or with its country's prefix"
        raise invalid_field("phone", wrong)
    return number


def not_own(principal: Principal, typed: str, region: str) -> Problem | None:
    """Return what a client is told who comes with another number than the confirmed one."""
    if principal.role is not Role.CLIENT or in_e164(typed, region) == principal.phone:
        return None
    return PHONE_NOT_CONFIRMED.problem("Book with the phone number that you have confirmed.")
