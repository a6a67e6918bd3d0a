"""What the payment provider says, signed: verified, published, and answered."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

import stripe
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import HeaderParameter
from pydantic import ValidationError

from contracts.base import Value
from contracts.problems import INVALID_REQUEST, SERVICE_UNAVAILABLE, TOO_LARGE
from contracts.sales import RecordProviderEvent
from contracts.values import Money
from gateway.api.routes import refusals
from gateway.commands import Edge, pass_on
from gateway.settings import Settings
from web.problems import ProblemError, invalid_field

Kind = Literal["paid", "expired", "failed", "refunded"]
E = TypeVar("E", bound="StripeEvent")

_SIGNATURE: Final = "Stripe-Signature"
_OLDEST_SECONDS: Final = 300
_COMPLETED: Final = "checkout.session.completed"
_KINDS: Final[Mapping[str, Kind]] = {
    _COMPLETED: "paid",
    "checkout.session.async_payment_succeeded": "paid",
    "checkout.session.async_payment_failed": "failed",
    "checkout.session.expired": "expired",
    "charge.refunded": "refunded",
}
"""Which events tell of a payment; what all the others are about may look like anything."""

_signatures: Any = stripe.WebhookSignature  # typed in part only


class StripeObject(Value):
    """What an event is about: a checkout session, or a charge; the fields that we look at."""

    id: str
    metadata: Mapping[str, str] | None = None
    client_reference_id: str | None = None
    payment_intent: str | None = None
    payment_status: str | None = None
    amount_total: int | None = None
    amount_refunded: int | None = None
    currency: str | None = None


class StripeEventData(Value):
    """The part of an event that has its object."""

    object: StripeObject


class StripeEvent(Value):
    """An event as Stripe sends it, whatever it is about."""

    id: str
    type: str


class StripePaymentEvent(StripeEvent):
    """An event about a checkout session or a charge."""

    data: StripeEventData


@post(
    "/v1/payment-providers/stripe/webhook",
    tags=["Webhooks"],
    status_code=200,
    responses={
        200: ResponseSpec(None, description="Recorded, or nothing of ours"),
        **refusals(INVALID_REQUEST, TOO_LARGE, SERVICE_UNAVAILABLE),
    },
)
async def hear_stripe(
    request: Request[Any, Any, Any],
    signature: Annotated[str, HeaderParameter(name=_SIGNATURE)],
    edge: NamedDependency[Edge],
    settings: NamedDependency[Settings],
) -> Response[None]:
    """Take an event of Stripe, signed with the secret of this webhook; needs no API key.

    Answered when it is recorded, however often it comes. Events that say nothing of a payment of
    ours are accepted, and change nothing.
    """
    body = await request.body()
    _verify(body, signature, settings)
    said = _recorded(body)
    if said is not None:
        message_id = uuid5(NAMESPACE_URL, f"https://stripe.com/events/{said.provider_event_id}")
        trace = request.headers.get("traceparent")
        await pass_on(edge, said, message_id=message_id, traceparent=trace)
    return Response(None, status_code=200)


def _verify(body: bytes, signature: str, settings: Settings) -> None:
    secret = settings.stripe_webhook_secret.get_secret_value()
    if not secret:
        raise ProblemError(SERVICE_UNAVAILABLE.problem("No payments are taken here."))
    try:
        _signatures.verify_header(body, signature, secret, tolerance=_OLDEST_SECONDS)
    except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
        wrong = "is not the signature of this body, or is older than five minutes"
        raise invalid_field(_SIGNATURE, wrong) from error


def _recorded(body: bytes) -> RecordProviderEvent | None:
    """Return what the event says of a payment of ours, if anything."""
    if _event(StripeEvent, body).type not in _KINDS:
        return None
    event = _event(StripePaymentEvent, body)
    about = event.data.object
    kind, payment_id = _kind(event), _payment_id(about)
    amount = about.amount_refunded if kind == "refunded" else about.amount_total
    if kind is None or payment_id is None or amount is None or about.currency is None:
        return None
    return RecordProviderEvent(
        payment_id=payment_id,
        provider_event_id=event.id,
        kind=kind,
        reference=about.payment_intent or about.id,
        amount=Money(amount=amount, currency=about.currency.upper()),
    )


def _event(kind: type[E], body: bytes) -> E:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise invalid_field("body", "is not an event") from error


def _kind(event: StripePaymentEvent) -> Kind | None:
    # Some ways of paying take days: then the session is complete before it is paid.
    if event.type == _COMPLETED and event.data.object.payment_status != "paid":
        return None
    return _KINDS[event.type]


def _payment_id(about: StripeObject) -> UUID | None:
    named = (about.metadata or {}).get("payment_id") or about.client_reference_id
    try:
        return None if named is None else UUID(named)
    except ValueError:
        return None
