"""Issuing: a membership that was sold exists, once per sale."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from membership.domain.history import Change
from membership.domain.ledger import Bucket, Entry, grant
from membership.domain.memberships import Activation, Membership, MembershipType
from membership.domain.validity import local_date
from membership.domain.wallets import Wallets


class Sale(NamedTuple):
    """A membership of this type was sold to a client at a location in `time_zone`.

    `activates_on` is the date from which it is valid, if its type wants one.
    """

    sale_id: UUID
    chain_id: UUID
    time_zone: str
    client_id: UUID
    membership_type_id: UUID
    sold_at: datetime
    activates_on: date | None = None


class Issued(NamedTuple):
    """The membership exists now."""

    membership: Membership


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
    wallet = wallets.by_client[sale.client_id]
    if any(other.chain_id != sale.chain_id for other in wallet.memberships.values()):
        return [IssueRefused(sale.sale_id, "The client belongs to another chain.")]
    membership = _membership(sale, kind, now)
    entries = [grant(bucket, at, now) for at, bucket in enumerate(membership.buckets, start=1)]
    wallet.include(membership)
    wallets.by_membership[membership.membership_id] = wallet
    wallets.changes.issue(membership, Change("issued", now))
    wallets.changes.entries += entries
    return [Issued(membership), *entries]


def _membership(sale: Sale, kind: MembershipType, now: datetime) -> Membership:
    membership_id = uuid5(sale.sale_id, "membership")
    membership = Membership(
        membership_id=membership_id,
        revision=1,
        chain_id=sale.chain_id,
        membership_type_id=kind.membership_type_id,
        sale_id=sale.sale_id,
        name=kind.name,
        owner_client_id=sale.client_id,
        shared_client_ids=(),
        state="issued",
        time_zone=sale.time_zone,
        issued_at=now,
        activated_on=None,
        expires_on=None,
        validity=kind.validity,
        auto_deduction=kind.auto_deduction,
        frozen_at=None,
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
    if kind.activation != "on_first_visit":
        today = local_date(sale.sold_at, sale.time_zone)
        membership.activate(sale.activates_on or today, today)
    return membership
