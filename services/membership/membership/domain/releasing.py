"""Holds that end though their booking stands: by the calendar, or by force (rule X6)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from membership.domain.appointments import Hold, HoldReleased, ReleaseReason
from membership.domain.wallet import Wallet


def release_passed(wallet: Wallet, kept: timedelta, now: datetime) -> list[HoldReleased]:
    """Release what automatic debiting does not end, `kept` after the start; the booking stands."""
    passed = [
        hold
        for hold in wallet.holds.values()
        if not hold.automatic_debiting and hold.starts_at + kept < now
    ]
    return release(wallet, passed, "visit_passed")


def release(wallet: Wallet, holds: Iterable[Hold], reason: ReleaseReason) -> list[HoldReleased]:
    """End holds, and say so to their bookings."""
    released: list[HoldReleased] = []
    for hold in holds:
        wallet.release(hold.line_id)
        released.append(
            HoldReleased(
                hold.line_id,
                hold.appointment_id,
                hold.booking_id,
                hold.location_id,
                hold.client_id,
                wallet.buckets[hold.bucket_id].membership_id,
                reason,
                wallet.settlement_revision(hold),
            )
        )
    return released


def latest_first(holds: Iterable[Hold]) -> list[Hold]:
    """Return holds in the order in which force ends them: what starts latest goes first."""
    return sorted(holds, key=lambda hold: (hold.starts_at, hold.line_id), reverse=True)
