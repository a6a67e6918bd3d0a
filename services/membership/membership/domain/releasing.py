"""Holds end some days after the visit, if nobody debited them (rule X6)."""

from datetime import datetime, timedelta

from membership.domain.appointments import HoldReleased
from membership.domain.wallet import Wallet


def release_passed(wallet: Wallet, kept: timedelta, now: datetime) -> list[HoldReleased]:
    """Release what automatic debiting does not end, `kept` after the start; the booking stands."""
    passed = [
        hold
        for hold in wallet.holds.values()
        if not hold.automatic_debiting and hold.starts_at + kept < now
    ]
    for hold in passed:
        wallet.release(hold.line_id)
    return [
        HoldReleased(
            hold.line_id,
            hold.appointment_id,
            hold.booking_id,
            hold.location_id,
            hold.client_id,
            wallet.buckets[hold.bucket_id].membership_id,
            "visit_passed",
        )
        for hold in passed
    ]
