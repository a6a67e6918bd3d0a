"""Who may have something done."""

from typing import Final

from contracts.base import Message
from contracts.problems import FORBIDDEN, NOT_FOUND, UNAUTHENTICATED
from contracts.reply import Problem
from contracts.sales import MakeSale, RefundSale, SettleUnpaidVisits
from messaging import Delivery
from web import Principal, Role
from web.identity import InvalidToken, verify

STAFF: Final = frozenset({Role.PLATFORM, Role.GATEWAY, Role.OPERATOR})


def admitted(delivery: Delivery[Message], verify_key: str) -> Principal | Problem:
    """Return who asks, judged at the effective time, or why nobody may with this token."""
    try:
        principal = verify(delivery.principal or "", verify_key, delivery.effective_at)
    except InvalidToken:
        return UNAUTHENTICATED.problem("The principal's token is missing, invalid or expired.")
    if principal.role not in STAFF:
        return FORBIDDEN.problem("Operators and trusted gateways sell and take payments.")
    return principal


def out_of_reach(
    principal: Principal, command: MakeSale | RefundSale | SettleUnpaidVisits
) -> Problem | None:
    """Return that a location is not there for who asks, if so."""
    if principal.reaches(command.chain_id, command.location_id):
        return None
    return NOT_FOUND.problem(f"There is no location {command.location_id} here.")
