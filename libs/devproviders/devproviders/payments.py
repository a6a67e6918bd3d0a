"""Checkout sessions and refunds as Stripe keeps them: in memory, and only while this runs."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from devproviders.errors import StripeError, invalid, unknown

SHORTEST: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be paid; amounts are in minor units of `currency`, which is lower case."""

    amount: int
    currency: str
    name: str
    success_url: str
    cancel_url: str | None
    client_reference_id: str | None
    metadata: dict[str, str]
    charge_metadata: dict[str, str]


@dataclass(kw_only=True)
class Refund:
    """Money that went back."""

    id: str
    amount: int
    created: datetime
    metadata: dict[str, str]


@dataclass(kw_only=True)
class Session:
    """A checkout page for one order. Once it is complete there is a charge."""

    id: str
    order: Order
    created: datetime
    expires_at: datetime
    status: Literal["open", "complete", "expired"] = "open"
    payment_intent: str | None = None
    refunds: list[Refund] = field(default_factory=list[Refund])

    @property
    def refunded(self) -> int:
        """How much of the charge went back."""
        return sum(refund.amount for refund in self.refunds)


@dataclass
class Payments:
    """All sessions; `happened(type, session)` hears what webhooks tell."""

    now: Callable[[], datetime]
    happened: Callable[[str, Session], None]
    sessions: dict[str, Session] = field(default_factory=dict[str, Session])

    def create(self, order: Order, expires_at: datetime | None) -> Session:
        """Open a checkout page; it is open for 24 hours unless `expires_at` says otherwise."""
        now = self.now()
        until = expires_at or now + LONGEST
        if until < now + SHORTEST - timedelta(seconds=1):
            raise invalid(
                "expires_at",
                "The `expires_at` timestamp must be at least 30 minutes from Checkout Session"
                " creation.",
            )
        if until > now + LONGEST + timedelta(seconds=1):
            raise invalid(
                "expires_at",
                "The `expires_at` timestamp must be less than 24 hours from Checkout Session"
                " creation.",
            )
        session = Session(id=new_id("cs_test"), order=order, created=now, expires_at=until)
        self.sessions[session.id] = session
        return session

    def find(self, session_id: str) -> Session:
        """Return a session as it is now."""
        session = self.sessions.get(session_id)
        if session is None:
            raise unknown("checkout.session", session_id, "session")
        if session.status == "open" and session.expires_at <= self.now():
            self._end(session)
        return session

    def expire(self, session_id: str) -> Session:
        """Close a page that is still open."""
        session = self.find(session_id)
        if session.status != "open":
            raise invalid(
                "session",
                'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
                f" Session has a status of `{session.status}`.",
            )
        self._end(session)
        return session

    def expire_due(self) -> None:
        """Close the pages whose time is over."""
        for session_id in list(self.sessions):
            self.find(session_id)

    def pay(self, session_id: str) -> bool:
        """Pay at the page; return whether that was still possible."""
        session = self.find(session_id)
        if session.status != "open":
            return False
        session.status = "complete"
        session.payment_intent = new_id("pi")
        self.happened("checkout.session.completed", session)
        return True

    def refund(
        self, payment_intent: str, amount: int | None, metadata: dict[str, str]
    ) -> tuple[Session, Refund]:
        """Give a charge back, all that is left of it or `amount`."""
        session = self._of_intent(payment_intent)
        rest = session.order.amount - session.refunded
        if rest == 0:
            raise StripeError(
                400,
                f"Charge {charge_id(session)} has already been refunded.",
                code="charge_already_refunded",
            )
        amount = rest if amount is None else amount
        if amount < 1:
            raise invalid("amount", "This value must be greater than or equal to 1.")
        if amount > rest:
            raise invalid(
                "amount",
                f"Refund amount ({amount}) is greater than unrefunded amount on charge ({rest})",
            )
        refund = Refund(id=new_id("re"), amount=amount, created=self.now(), metadata=metadata)
        session.refunds.append(refund)
        self.happened("charge.refunded", session)
        return session, refund

    def find_refund(self, refund_id: str) -> tuple[Session, Refund]:
        """Return a refund, and the session whose charge it gives back."""
        for session, refund in self.refunds():
            if refund.id == refund_id:
                return session, refund
        raise unknown("refund", refund_id)

    def refunds(self) -> list[tuple[Session, Refund]]:
        """Return all refunds, newest first."""
        found = [
            (session, refund) for session in self.sessions.values() for refund in session.refunds
        ]
        return sorted(found, key=lambda one: one[1].created, reverse=True)

    def _end(self, session: Session) -> None:
        session.status = "expired"
        self.happened("checkout.session.expired", session)

    def _of_intent(self, payment_intent: str) -> Session:
        for session in self.sessions.values():
            if session.payment_intent == payment_intent:
                return session
        raise unknown("payment_intent", payment_intent, "payment_intent")


def charge_id(session: Session) -> str:
    """Return the id of the charge that a complete session has."""
    return "ch_" + (session.payment_intent or "").removeprefix("pi_")


def new_id(prefix: str) -> str:
    """Return an id that looks like one of Stripe's."""
    return f"{prefix}_{secrets.token_hex(12)}"
