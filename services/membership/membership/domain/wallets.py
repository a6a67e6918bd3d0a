"""All wallets that a transaction has locked, and what is known of the appointments it is about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from membership.domain.appointments import Claim, Ending, VisitStatus
from membership.domain.changes import Changes
from membership.domain.memberships import Membership, Reason
from membership.domain.plans import Plan
from membership.domain.refusals import Conflict, NotFound
from membership.domain.settlements import Settlement
from membership.domain.wallet import Wallet

MAX_WALLET_SIZE: Final = 500
"""Clients and memberships of one wallet: it is locked and loaded as a whole."""


@dataclass(slots=True)
class Wallets:
    """What a transaction decides about.

    By appointment: `moved` has the newest plan that it was rescheduled to, `claims` the claims of
    its lines by their ids, `visit_statuses` what people set last. `aliases` has the kept client of
    each who was merged; whatever is known here names kept clients only.
    """

    changes: Changes = field(default_factory=Changes)
    by_id: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    by_client: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    by_membership: dict[UUID, Wallet] = field(default_factory=dict[UUID, Wallet])
    settlements: dict[UUID, Settlement] = field(default_factory=dict[UUID, Settlement])
    endings: dict[UUID, Ending] = field(default_factory=dict[UUID, Ending])
    moved: dict[UUID, Plan] = field(default_factory=dict[UUID, Plan])
    claims: dict[UUID, dict[UUID, Claim]] = field(default_factory=dict[UUID, dict[UUID, Claim]])
    visit_statuses: dict[UUID, VisitStatus] = field(default_factory=dict[UUID, VisitStatus])
    refused_reschedules: set[UUID] = field(default_factory=set[UUID])
    aliases: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])

    def find(self, membership_id: UUID, chain_id: UUID) -> Membership:
        """Return a membership of a chain; raises `NotFound`."""
        wallet = self.by_membership.get(membership_id)
        membership = wallet.memberships[membership_id] if wallet else None
        if membership is None or membership.chain_id != chain_id:
            raise NotFound("membership")
        return membership

    def kept(self, client_id: UUID) -> UUID:
        """Return the client that an id means."""
        return self.aliases.get(client_id, client_id)

    def alias(self, aliases: Mapping[UUID, UUID]) -> None:
        """Let ids mean other clients."""
        self.aliases |= aliases
        self.changes.aliases |= aliases

    def rename(self) -> None:
        """Let all that is known name kept clients only, in memory; what is stored stays."""
        if not self.aliases:
            return
        for wallet in {one.wallet_id: one for one in self.by_client.values()}.values():
            for hold in wallet.holds.values():
                hold.client_id = self.kept(hold.client_id)
        for id_, settlement in self.settlements.items():
            self.settlements[id_] = settlement._replace(client_id=self.kept(settlement.client_id))
        for id_, plan in self.moved.items():
            self.moved[id_] = plan._replace(client_id=self.kept(plan.client_id))

    def settle(self, settlement: Settlement) -> None:
        """Keep the newest settlement of an appointment."""
        self.settlements[settlement.appointment_id] = settlement
        self.changes.settlements[settlement.appointment_id] = settlement

    def end(self, ending: Ending) -> None:
        """Keep that an appointment ended."""
        self.endings[ending.appointment_id] = ending
        self.changes.endings[ending.appointment_id] = ending

    def is_void(self, appointment_id: UUID, revision: int) -> bool:
        """Whether a plan is known to have ended without charge, or never to have stood."""
        ending = self.endings.get(appointment_id)
        return ending is not None and ending.voids(revision)

    def settlement_revision(self, appointment_id: UUID) -> int:
        """Return the revision of the settlement of an appointment, 0 without one."""
        settlement = self.settlements.get(appointment_id)
        return settlement.revision if settlement else 0

    def plan_in_force(self, appointment_id: UUID) -> int:
        """Return the newest revision of the plan that is known to stand; 0 if none is known."""
        settlement = self.settlements.get(appointment_id)
        settled = settlement.appointment_revision if settlement else 0
        moved = self.moved.get(appointment_id)
        return max(settled, moved.revision if moved else 0)

    def newest(self, plan: Plan) -> Plan:
        """Return the plan that replaced this one, if it is known that one did."""
        settlement = self.settlements.get(plan.appointment_id)
        known = [self.moved.get(plan.appointment_id)]
        if settlement is not None and settlement.has_begun:
            known.append(settlement.plan)
        return max([plan, *filter(None, known)], key=lambda one: one.revision)

    def move_to(self, plan: Plan) -> None:
        """Keep that an appointment was rescheduled."""
        self.moved[plan.appointment_id] = plan
        self.changes.moved[plan.appointment_id] = plan

    def claim(self, claim: Claim) -> None:
        """Keep a claim as it is now."""
        self.claims.setdefault(claim.appointment_id, {})[claim.claim_id] = claim
        self.changes.claims[claim.claim_id] = claim

    def claimed_lines(self, appointment_id: UUID) -> set[UUID]:
        """Return the lines of an appointment that money is taken for (rule A16)."""
        claims = self.claims.get(appointment_id, {}).values()
        return {line_id for claim in claims if claim.is_open for line_id in claim.line_ids}

    def held_of(self, settlement: Settlement) -> list[tuple[UUID, UUID]]:
        """Return which lines of an appointment hold sessions of which memberships, as it is now.

        What is held for another time that was not accepted yet is left out.
        """
        wallet = self.by_client[settlement.client_id]
        return [
            (hold.line_id, wallet.buckets[hold.bucket_id].membership_id)
            for hold in wallet.holds_of(settlement.appointment_id)
            if hold.reschedule_id is None
        ]

    def why_spared(self, appointment_id: UUID, line_id: UUID, start: datetime) -> Reason | None:
        """Return why a start at that instant does not debit a line by itself, if so (rule A16).

        Money was taken for it, or it is owed since its debit or claim was undone after the start.
        """
        claims = [
            claim
            for claim in self.claims.get(appointment_id, {}).values()
            if line_id in claim.line_ids
        ]
        if any(claim.is_open for claim in claims):
            return "claimed"
        settlement = self.settlements.get(appointment_id)
        line = settlement.line(line_id) if settlement else None
        if line is not None and line.undone_at is not None and line.undone_at >= start:
            return "debit_undone"
        returned = [claim.returned_at for claim in claims if claim.returned_at is not None]
        return "claim_returned" if any(at >= start for at in returned) else None

    def refuse_reschedule(self, reschedule_id: UUID) -> None:
        """Keep that another time was refused."""
        self.refused_reschedules.add(reschedule_id)
        self.changes.refused_reschedules.add(reschedule_id)

    def join(self, wallet: Wallet, other: Wallet, *, of_any_size: bool = False) -> None:
        """Make one wallet of two; raises `Conflict` when it would be too large."""
        if wallet is other:
            return
        if not of_any_size and _size((wallet, other)) > MAX_WALLET_SIZE:
            raise Conflict(
                "Too many clients and memberships would be connected by sharing: "
                f"at most {MAX_WALLET_SIZE} can be."
            )
        for membership in other.memberships.values():
            wallet.include(membership)
            self.by_membership[membership.membership_id] = wallet
        for client_id in other.clients:
            self.by_client[client_id] = wallet
        wallet.clients |= other.clients
        wallet.holds |= other.holds
        self.changes.joined.append((other.wallet_id, wallet.wallet_id))


def _size(wallets: Collection[Wallet]) -> int:
    return sum(len(wallet.clients) + len(wallet.memberships) for wallet in wallets)
