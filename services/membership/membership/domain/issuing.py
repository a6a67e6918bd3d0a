"""Issuing: a membership that was sold exists, once per sale."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from membership.domain.history import Change
from membership.domain.ledger import Bucket, Entry, grant
from membership.domain.memberships import Activation, Membership, MembershipType
from membership.domain.validity import LAST_YEAR, local_date
from membership.domain.wallets import Wallets


class Sale(NamedTuple):
    """A membership of this type was sold to a client at a location in `time_zone`.

    `activates_on` is the date from which it is valid, if its type wants one.
    """

    sale_id: UUID
    chain_id: UUID
    location_id: UUID
    time_zone: str
    client_id: UUID
    membership_type_id: UUID
    sold_at: datetime
    activates_on: date | None = None


class Issued(NamedTuple):
    """The membership that was sold exists now."""

    membership: Membership
    sale_id: UUID


class IssueRefused(NamedTuple):
    """What was sold cannot be issued."""

    sale_id: UUID
    reason: str


_ELSEWHERE: Final = "activates_on is for membership types that are activated on a date."
_WHICH_DATE: Final[dict[Activation, str]] = {
    "on_date": "The membership type wants activates_on, the date from which it is valid.",
    "on_sale": _ELSEWHERE,
    "on_first_visit": _ELSEWHERE,
}


def issue(
    wallets: Wallets,
    sale: Sale,
    membership_types: Mapping[UUID, MembershipType],
    now: datetime,
) -> list[Entry | Issued | IssueRefused]:
    """Issue what was sold; what the type says later changes nothing for it.

    A sale that is heard of again has its membership already, and nothing happens.
    """
    if uuid5(sale.sale_id, "membership") in wallets.by_membership:
        return []
    kind = membership_types.get(sale.membership_type_id)
    if kind is None or kind.chain_id != sale.chain_id:
        return [IssueRefused(sale.sale_id, "The membership type is unknown.")]
    if (kind.activation == "on_date") != (sale.activates_on is not None):
        return [IssueRefused(sale.sale_id, _WHICH_DATE[kind.activation])]
    if sale.activates_on is not None and sale.activates_on.year > LAST_YEAR:
        return [IssueRefused(sale.sale_id, f"activates_on is after the year {LAST_YEAR}.")]
    wallet = wallets.by_client[sale.client_id]
    if any(other.chain_id != sale.chain_id for other in wallet.memberships.values()):
        return [IssueRefused(sale.sale_id, "The client belongs to another chain.")]
    membership = of_type(
        kind,
        uuid5(sale.sale_id, "membership"),
        sale_id=sale.sale_id,
        owner_client_id=sale.client_id,
        home_location_id=sale.location_id,
        time_zone=sale.time_zone,
        issued_at=now,
    )
    if kind.activation != "on_first_visit":
        today = local_date(sale.sold_at, sale.time_zone)
        membership.activate(sale.activates_on or today, today)
    entries = include(wallets, membership, Change("issued", now), now)
    return [Issued(membership, sale.sale_id), *entries]


def include(wallets: Wallets, membership: Membership, change: Change, now: datetime) -> list[Entry]:
    """Keep a new membership in its owner's wallet, with its history and its ledger begun."""
    entries = [grant(bucket, at, now) for at, bucket in enumerate(membership.buckets, start=1)]
    wallet = wallets.by_client[membership.owner_client_id]
    wallet.include(membership)
    wallets.by_membership[membership.membership_id] = wallet
    wallets.changes.issue(membership, change)
    wallets.changes.entries += entries
    return entries


def of_type(
    kind: MembershipType,
    membership_id: UUID,
    *,
    owner_client_id: UUID,
    home_location_id: UUID,
    time_zone: str,
    issued_at: datetime,
    sale_id: UUID | None = None,
) -> Membership:
    """Return a membership with the terms of its type; its time has not begun."""
    return Membership(
        membership_id=membership_id,
        revision=1,
        chain_id=kind.chain_id,
        membership_type_id=kind.membership_type_id,
        sale_id=sale_id,
        name=kind.name,
        owner_client_id=owner_client_id,
        shared_client_ids=(),
        state="issued",
        time_zone=time_zone,
        issued_at=issued_at,
        activated_on=None,
        expires_on=None,
        validity=kind.validity,
        auto_deduction=kind.auto_deduction,
        frozen_at=None,
        home_location_id=home_location_id,
        gate=kind.gate,
        location_ids=frozenset(kind.location_ids),
        freezing=kind.freezing,
        buckets=[
            Bucket(
                bucket_id=uuid5(membership_id, f"bucket/{ordinal}"),
                membership_id=membership_id,
                service_ids=frozenset(terms.service_ids),
                category_ids=frozenset(terms.category_ids),
                granted=terms.sessions,
            )
            for ordinal, terms in enumerate(kind.buckets)
        ],
    )
