"""Why a membership does not pay, or a line cannot be paid, in words for people at the desk."""

from collections.abc import Mapping
from typing import Final

_WORDS: Final[Mapping[str, str]] = {
    # of memberships
    "no_membership": "There is no membership in reach.",
    "service_not_covered": "It does not cover this service.",
    "location_not_covered": "It is not taken at this location.",
    "status_not_valid": "Its status does not allow it.",
    "used_up": "It is used up.",
    "expires_too_early": "It expires too early.",
    "not_valid_yet": "It is not valid yet.",
    "not_enough_sessions": "It has no session left for this: what is left is held, or used above.",
    "frozen": "It is frozen.",
    "expired": "It has expired.",
    "no_auto_deduction": "It is not debited automatically: its type has no auto-deduction.",
    "visit_status": (
        "Without auto-deduction it is debited only when the visit is Arrived or Confirmed:"
        " set the visit status first."
    ),
    # of lines
    "claimed": "Money pays it, or is about to.",
    "already_debited": "It is debited already.",
    "paid_online": "It was paid online.",
    "debit_undone": "Its debit was undone.",
    "claim_returned": "Its payment was undone.",
    "cancelled": "It was cancelled.",
    "rescheduled": "It was moved to another time.",
    "technical_error": "A technical error keeps it from being debited.",
    "debited": "It is debited already.",
    "paid": "It is paid already.",
    "under_way": "It is about to be paid: look again in a moment.",
}


def reason_in_words(reason: str) -> str:
    """Return a reason as a sentence; one that is not known yet as its own words."""
    return _WORDS.get(reason) or f"{reason.replace('_', ' ').capitalize()}."
