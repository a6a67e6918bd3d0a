"""Stripe as the payment provider: Checkout Sessions, and refunds of their charges.

Every call has the errand's id as its idempotency key and is made of nothing but the errand's row,
so that it may be repeated after a crash. Stripe forgets a key after a day, and the money of some
ways of paying takes several days to go back: so a refund is looked for before it is made again.
"""

from typing import Final
from urllib.parse import urlencode

import stripe
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from sales.commands.errands import Answer, Closed, Declined, GivenBack, Opened, Paid
from sales.domain.payments import ErrandKind
from sales.store.errands import Claimed

TIMEOUT_SECONDS: Final = 20.0
_MOST_REFUNDS: Final = 100  # of one charge; each gives back a line at least


class NotYetError(Exception):
    """The provider did not do it now; it may when it is asked again."""


class StripeCheckout:
    """Asks Stripe, or who speaks like it, at `url`."""

    def __init__(self, *, url: str, api_key: str, return_url: str) -> None:
        self._return_url = return_url
        self._client = stripe.StripeClient(
            api_key,
            base_addresses={"api": url.rstrip("/")},
            http_client=stripe.HTTPXClient(timeout=TIMEOUT_SECONDS),
            max_network_retries=0,  # errands are repeated as a whole
        )

    async def ask(self, errand: Claimed) -> Answer:
        """Ask for what an errand is about. Raises `NotYetError`."""
        try:
            match errand.kind:
                case ErrandKind.OPEN:
                    return await self._open(errand)
                case ErrandKind.CLOSE:
                    return await self._close(_session_id(errand))
                case ErrandKind.REFUND:
                    return await self._refund(errand, _session_id(errand))
        except stripe.StripeError as error:
            return _refused(errand, error)

    async def _open(self, errand: Claimed) -> Answer:
        names = {"payment_id": str(errand.payment_id), "booking_id": str(errand.booking_id)}
        asked: SessionCreateParams = {
            "mode": "payment",
            "client_reference_id": str(errand.payment_id),
            "metadata": names,
            "payment_intent_data": {"metadata": names},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": errand.currency.lower(),
                        "unit_amount": errand.payment_amount,
                        "product_data": {"name": errand.description},
                    },
                }
            ],
            "success_url": self._back(errand, "paid"),
            "cancel_url": self._back(errand, "cancelled"),
            "expires_at": int(errand.session_expires_at.timestamp()),
        }
        session = await self._client.v1.checkout.sessions.create_async(
            asked, {"idempotency_key": str(errand.errand_id)}
        )
        if session.url is None:
            return Declined(f"checkout session {session.id} has no page")
        return Opened(session.id, session.url)

    async def _close(self, session_id: str) -> Answer:
        sessions = self._client.v1.checkout.sessions
        session = await sessions.retrieve_async(session_id)
        if session.status == "open":
            session = await sessions.expire_async(session_id)
        if session.status == "expired":
            return Closed()
        if session.payment_status != "paid":
            raise NotYetError(f"checkout session {session_id} is complete, and not paid yet")
        return Paid(session.amount_total or 0, (session.currency or "").upper())

    async def _refund(self, errand: Claimed, session_id: str) -> Answer:
        session = await self._client.v1.checkout.sessions.retrieve_async(session_id)
        payment_intent = str(session.payment_intent)
        refund = None
        if errand.attempts > 1:
            refund = await self._made_before(errand, payment_intent)
        if refund is None:
            refund = await self._make_refund(errand, payment_intent)
        if refund.status in {"failed", "canceled"}:
            return Declined(f"refund {refund.id} {refund.status}: {refund.failure_reason}")
        if refund.status != "succeeded":
            raise NotYetError(f"refund {refund.id} is {refund.status}")
        return GivenBack()

    async def _made_before(self, errand: Claimed, payment_intent: str) -> stripe.Refund | None:
        """Return the refund that an earlier try of this errand has made, as it is now."""
        made = await self._client.v1.refunds.list_async(
            {"payment_intent": payment_intent, "limit": _MOST_REFUNDS}
        )
        own = (one for one in made.data if _errand_of(one) == _name_of(errand))
        return next(own, None)

    async def _make_refund(self, errand: Claimed, payment_intent: str) -> stripe.Refund:
        asked: RefundCreateParams = {
            "payment_intent": payment_intent,
            "amount": errand.amount,
            "metadata": {
                "payment_id": str(errand.payment_id),
                "errand_id": _name_of(errand),
            },
        }
        refund = await self._client.v1.refunds.create_async(
            asked, {"idempotency_key": _name_of(errand)}
        )
        if refund.status != "succeeded":
            # A repeated call gets the first answer: what became of it since has to be asked for.
            refund = await self._client.v1.refunds.retrieve_async(refund.id)
        return refund

    def _back(self, errand: Claimed, outcome: str) -> str:
        joint = "&" if "?" in self._return_url else "?"
        query = urlencode({"payment_id": errand.payment_id, "outcome": outcome})
        return f"{self._return_url}{joint}{query}"


def _name_of(errand: Claimed) -> str:
    return str(errand.errand_id)


def _errand_of(refund: stripe.Refund) -> str | None:
    # The library says that metadata are a dict; they are one of its own objects.
    metadata: dict[str, str] = refund.to_dict().get("metadata") or {}
    return metadata.get("errand_id")


def _session_id(errand: Claimed) -> str:
    if errand.session_id is None:
        raise NotYetError("the checkout session is not known yet")
    return errand.session_id


def _refused(errand: Claimed, error: stripe.StripeError) -> Answer:
    """Return what a refusal means, if it will not pass. Raises `NotYetError`."""
    code: object = error.code
    if errand.kind is ErrandKind.CLOSE and code == "resource_missing":
        return Closed()
    if errand.kind is ErrandKind.REFUND and code == "charge_already_refunded":
        return GivenBack()  # by hand, for this errand's own refund would be answered again
    will_pass = error.http_status == 409 or errand.kind is ErrandKind.CLOSE
    if will_pass or not isinstance(error, stripe.InvalidRequestError | stripe.IdempotencyError):
        # It is of the network, of the provider, or of our key, which somebody will correct; or
        # the page was paid in the very moment in which it was to be closed.
        raise NotYetError(f"{errand.kind} of payment {errand.payment_id}: {error}") from error
    return Declined(str(error))
