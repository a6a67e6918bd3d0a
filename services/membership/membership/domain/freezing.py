"""Freezing: by people, within limits, and unfreezing: by people or by the calendar (rule A14)."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from membership.domain.freezes import PastFreeze
from membership.domain.history import Actor, Change
from membership.domain.memberships import Membership
from membership.domain.refusals import Conflict, Invalid
from membership.domain.validity import local_date
from membership.domain.wallets import Wallets


class Freeze(NamedTuple):
    """Freeze a membership of a chain, as of `effective_at`, until a local day begins."""

    membership_id: UUID
    chain_id: UUID
    effective_at: datetime
    until: date | None = None
    by: Actor | None = None


class Unfreeze(NamedTuple):
    """Unfreeze a membership of a chain, as of `effective_at`."""

    membership_id: UUID
    chain_id: UUID
    effective_at: datetime
    by: Actor | None = None


class Frozen(NamedTuple):
    """The membership is not debited automatically until it is unfrozen."""

    membership: Membership


class Unfrozen(NamedTuple):
    """The membership is in use again."""

    membership: Membership


def freeze(wallets: Wallets, request: Freeze) -> Frozen:
    """Freeze; raises `Conflict` for what is frozen, expired or voided, and beyond the limits."""
    membership = wallets.find(request.membership_id, request.chain_id)
    status = membership.status(request.effective_at)
    if status in {"frozen", "expired", "voided"}:
        raise Conflict(f"The membership is {status}.")
    today = local_date(request.effective_at, membership.time_zone)
    if request.until is not None and request.until <= today:
        raise Invalid("until", f"It must be a day after {today}, the present one.")
    membership.frozen_until = _until(membership, today, request.until)
    membership.state = "frozen"
    membership.frozen_at = request.effective_at
    wallets.changes.note(membership, Change("frozen", request.effective_at, request.by))
    return Frozen(membership)


def _until(membership: Membership, today: date, asked: date | None) -> date | None:
    """Return the day on which a freeze ends by itself, if it does."""
    times, days = membership.freezing
    if times is not None and len(membership.past_freezes) >= times:
        raise Conflict(f"The membership may be frozen {times} times, and was.")
    if days is None:
        return asked
    left = days - membership.days_frozen
    if left <= 0:
        raise Conflict(f"The membership may be frozen for {days} days in all, and was.")
    latest = today + timedelta(days=left)
    if asked is not None and asked > latest:
        raise Conflict(
            f"The membership may be frozen for {days} days in all;"
            f" {left} of them are left, until {latest}."
        )
    return asked or latest


def unfreeze(wallets: Wallets, request: Unfreeze) -> Unfrozen:
    """Unfreeze: the expiry date moves by the days, on local dates, that it was really frozen."""
    membership = wallets.find(request.membership_id, request.chain_id)
    if membership.frozen_at is None:
        raise Conflict("The membership is not frozen.")
    return _unfreeze(wallets, membership, request.effective_at, request.by)


def unfreeze_due(wallets: Wallets, membership: Membership, now: datetime) -> Unfrozen | None:
    """Unfreeze a membership whose last frozen day is over, as of the end of that day."""
    ends_at = membership.freeze_ends_at
    if ends_at is None or now < ends_at:
        return None
    return _unfreeze(wallets, membership, ends_at, None)


def _unfreeze(wallets: Wallets, membership: Membership, at: datetime, by: Actor | None) -> Unfrozen:
    days = end_freeze(membership, at)
    if membership.expires_on is not None:
        membership.expires_on += timedelta(days=days)
    today, activated_on = local_date(at, membership.time_zone), membership.activated_on
    membership.state = "active" if activated_on and activated_on <= today else "issued"
    wallets.changes.note(membership, Change("unfrozen", at, by))
    return Unfrozen(membership)


def end_freeze(membership: Membership, at: datetime) -> int:
    """Let a freeze be one of the past; return how many local days it had."""
    if membership.frozen_at is None:
        return 0
    before = membership.days_frozen
    past = PastFreeze(membership.frozen_at, max(membership.frozen_at, at))
    membership.past_freezes += (past,)
    membership.frozen_at = membership.frozen_until = None
    return membership.days_frozen - before
