"""Importing: a membership that was issued elsewhere exists here, with what is left on it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from membership.domain.history import Actor, Change
from membership.domain.issuing import include, of_type
from membership.domain.ledger import Entry
from membership.domain.memberships import Imported, Membership, MembershipType
from membership.domain.refusals import Conflict, Invalid, NotFound
from membership.domain.validity import LAST_YEAR, local_date
from membership.domain.wallets import Wallets

FIRST_YEAR: Final = 1900


class Import(NamedTuple):
    """A membership of this type, as it is in the books of others.

    `remaining` has the sessions left of each bucket of the type, in order; None for unlimited ones.
    One that has no date of activation is activated by its first visit; if it has an expiry date by
    then, that stays. `time_zone` is that of the dates.
    """

    membership_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    origin: Imported
    client_id: UUID
    membership_type_id: UUID
    remaining: tuple[int | None, ...]
    issued_on: date
    activated_on: date | None = None
    expires_on: date | None = None
    shared_client_ids: tuple[UUID, ...] = ()
    by: Actor | None = None


def import_membership(
    wallets: Wallets,
    request: Import,
    membership_types: Mapping[UUID, MembershipType],
    now: datetime,
) -> list[Entry]:
    """Issue what was sold elsewhere, once for its reference; raises what `refusals` has.

    The same again changes nothing; something else under the same reference is a conflict.
    """
    if request.membership_id in wallets.by_membership:
        if not _is_known(wallets, request):
            raise Conflict(
                f"Another membership was imported as “{request.origin.reference}” before."
            )
        return []
    kind = membership_types.get(request.membership_type_id)
    if kind is None or kind.chain_id != request.chain_id:
        raise NotFound("membership type")
    today = local_date(now, request.time_zone)
    _check(request, kind, today)
    _connect(wallets, request)
    membership = _membership(request, kind, today)
    change = Change("imported", now, request.by)
    return include(wallets, membership, change, now)


def _is_known(wallets: Wallets, request: Import) -> bool:
    """Whether the same was imported before, of clients who may be one with others by now."""
    known = wallets.find(request.membership_id, request.chain_id).imported
    if known is None or known[:2] != request.origin[:2]:
        return False
    told = (request.client_id, *request.shared_client_ids)
    owner, *shared = map(wallets.kept, known.clients)
    return owner == wallets.kept(told[0]) and {owner, *shared} == {*map(wallets.kept, told)}


def _check(request: Import, kind: MembershipType, today: date) -> None:
    if request.client_id in request.shared_client_ids:
        raise Invalid("shared_client_ids", "The owner is not a shared client.")
    _check_remaining(request, kind)
    _check_dates(request, today)


def _check_remaining(request: Import, kind: MembershipType) -> None:
    if len(request.remaining) != len(kind.buckets):
        raise Invalid("remaining", f"The membership type has {len(kind.buckets)} buckets.")
    for at, (left, terms) in enumerate(zip(request.remaining, kind.buckets, strict=True)):
        if left is None and terms.sessions is not None:
            raise Invalid(f"remaining.{at}", "This bucket is limited: give a number.")
        if left is not None and terms.sessions is None:
            raise Invalid(f"remaining.{at}", "This bucket is unlimited: give null.")


def _check_dates(request: Import, today: date) -> None:
    if not date(FIRST_YEAR, 1, 1) <= request.issued_on <= today:
        raise Invalid("issued_on", f"It must be from {FIRST_YEAR} on, and not after {today}.")
    begins, ends = request.activated_on, request.expires_on
    for name, day in (("activated_on", begins), ("expires_on", ends)):
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Invalid(name, f"It must be from {FIRST_YEAR} to {LAST_YEAR}.")
    if begins is not None and ends is not None and ends < begins:
        raise Invalid("expires_on", "It must not be before activated_on.")


def _connect(wallets: Wallets, request: Import) -> None:
    """Join the wallets of all who may use it."""
    clients = request.client_id, *request.shared_client_ids
    concerned = [wallets.by_client[client_id] for client_id in clients]
    if any(_is_of_another_chain(request, one.memberships.values()) for one in concerned):
        raise NotFound("client")
    for client_id in request.shared_client_ids:
        wallets.join(wallets.by_client[request.client_id], wallets.by_client[client_id])


def _is_of_another_chain(request: Import, memberships: Iterable[Membership]) -> bool:
    return any(one.chain_id != request.chain_id for one in memberships)


def _membership(request: Import, kind: MembershipType, today: date) -> Membership:
    membership = of_type(
        kind,
        request.membership_id,
        owner_client_id=request.client_id,
        home_location_id=request.location_id,
        time_zone=request.time_zone,
        issued_at=_beginning(request.issued_on, request.time_zone),
    )
    membership.imported = request.origin
    membership.shared_client_ids = tuple(dict.fromkeys(request.shared_client_ids))
    membership.activated_on, membership.expires_on = request.activated_on, request.expires_on
    if request.activated_on is not None and request.activated_on <= today:
        membership.state = "active"
    if request.expires_on is not None or request.activated_on is not None:
        membership.validity = None  # its time is known: no activation starts another
    for bucket, left in zip(membership.buckets, request.remaining, strict=True):
        bucket.granted = left
    return membership


def _beginning(day: date, time_zone: str) -> datetime:
    """Return the instant at which a local day begins."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
