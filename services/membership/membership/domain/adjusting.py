"""What people do with a balance and its time: adjust, extend, void (rules X1, X6)."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from membership.domain.appointments import Hold, HoldReleased
from membership.domain.freezing import end_freeze
from membership.domain.history import Actor, Change
from membership.domain.ledger import Bucket, Entry
from membership.domain.memberships import Membership
from membership.domain.refusals import Conflict, Invalid, NotFound, SessionsHeld
from membership.domain.releasing import latest_first, release
from membership.domain.validity import LAST_YEAR
from membership.domain.wallets import Wallets


class Extend(NamedTuple):
    """Let a membership of a chain expire on a later date."""

    membership_id: UUID
    chain_id: UUID
    expires_on: date
    reason: str
    by: Actor | None = None


class Adjust(NamedTuple):
    """Give a bucket sessions, or take some; `force` ends the holds that start latest."""

    membership_id: UUID
    chain_id: UUID
    adjustment_id: UUID
    sessions: int
    reason: str
    bucket_id: UUID | None = None
    force: bool = False
    by: Actor | None = None


class Void(NamedTuple):
    """End a membership for good; `force` ends what is held on it."""

    membership_id: UUID
    chain_id: UUID
    reason: str | None
    force: bool = False
    by: Actor | None = None


class Extended(NamedTuple):
    """The membership expires later."""

    membership: Membership


class Adjusted(NamedTuple):
    """The balance of a bucket was changed by hand."""

    membership: Membership
    bucket_id: UUID
    sessions: int


class Voided(NamedTuple):
    """The membership pays nothing any more."""

    membership: Membership


def extend(wallets: Wallets, request: Extend, now: datetime) -> list[Extended]:
    """Let a membership expire later; one that has expired is valid again."""
    membership = wallets.find(request.membership_id, request.chain_id)
    _require_standing(membership)
    if membership.expires_on is None:
        raise Conflict("The membership has no expiry date.")
    if request.expires_on <= membership.expires_on:
        raise Conflict(f"The membership expires on {membership.expires_on}, which is not earlier.")
    if request.expires_on.year > LAST_YEAR:
        raise Invalid("expires_on", f"It must not be after the year {LAST_YEAR}.")
    membership.expires_on = request.expires_on
    wallets.changes.note(membership, Change("extended", now, request.by, request.reason))
    return [Extended(membership)]


def adjust(
    wallets: Wallets, request: Adjust, now: datetime
) -> list[Entry | HoldReleased | Adjusted]:
    """Change the balance of a bucket by hand; raises `SessionsHeld` unless by force (rule X6)."""
    membership = wallets.find(request.membership_id, request.chain_id)
    _require_standing(membership)
    bucket = _bucket(membership, request)
    balance = bucket.balance
    if balance is None:
        raise Conflict("The bucket is unlimited: there is nothing to adjust.")
    if balance + request.sessions < 0:
        raise Conflict(f"The balance is {balance}: no more than that can be taken.")
    wallet = wallets.by_membership[membership.membership_id]
    surplus = max(0, bucket.held - balance - request.sessions)
    held = [hold for hold in wallet.holds.values() if hold.bucket_id == bucket.bucket_id]
    ending = latest_first(held)[:surplus]
    _require_force(ending, force=request.force)
    released = release(wallet, ending, "adjusted")
    entry = wallet.adjust(bucket.bucket_id, request.sessions, request.adjustment_id, now)
    wallets.changes.note(
        membership,
        Change(
            "adjusted",
            now,
            request.by,
            request.reason,
            sessions=request.sessions,
            bucket_id=bucket.bucket_id,
        ),
    )
    return [*released, entry, Adjusted(membership, bucket.bucket_id, request.sessions)]


def _bucket(membership: Membership, request: Adjust) -> Bucket:
    if request.sessions == 0:
        raise Invalid("sessions", "Say how many sessions more (+) or less (-).")
    if request.bucket_id is None and len(membership.buckets) > 1:
        raise Invalid("bucket_id", "The membership has several buckets: name one.")
    asked = request.bucket_id or membership.buckets[0].bucket_id
    bucket = next((each for each in membership.buckets if each.bucket_id == asked), None)
    if bucket is None:
        raise NotFound("bucket")
    return bucket


def void(wallets: Wallets, request: Void, now: datetime) -> list[HoldReleased | Voided]:
    """End a membership: it pays nothing any more; raises `SessionsHeld` unless by force."""
    membership = wallets.find(request.membership_id, request.chain_id)
    _require_standing(membership)
    wallet = wallets.by_membership[membership.membership_id]
    held = latest_first(wallet.holds_on(membership.membership_id))
    _require_force(held, force=request.force)
    released = release(wallet, held, "voided")
    end_freeze(membership, now)
    membership.state = "voided"
    wallets.changes.note(membership, Change("voided", now, request.by, request.reason))
    return [*released, Voided(membership)]


def _require_standing(membership: Membership) -> None:
    if membership.state == "voided":
        raise Conflict("The membership is voided.")


def _require_force(ending: list[Hold], *, force: bool) -> None:
    if ending and not force:
        raise SessionsHeld(ending)
