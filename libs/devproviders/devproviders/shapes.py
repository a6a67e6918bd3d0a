"""Stripe's JSON: the fields of its objects that callers look at, by their names and types."""

from datetime import datetime
from typing import Any, Final

from devproviders.payments import Refund, Session, charge_id, new_id

API_VERSION: Final = "2025-09-30.clover"


def session(one: Session, base_url: str) -> dict[str, Any]:
    """Return a `checkout.session`."""
    order, is_open = one.order, one.status == "open"
    return {
        "id": one.id,
        "object": "checkout.session",
        "amount_subtotal": order.amount,
        "amount_total": order.amount,
        "cancel_url": order.cancel_url,
        "client_reference_id": order.client_reference_id,
        "created": _seconds(one.created),
        "currency": order.currency,
        "customer": None,
        "expires_at": _seconds(one.expires_at),
        "livemode": False,
        "metadata": order.metadata,
        "mode": "payment",
        "payment_intent": one.payment_intent,
        "payment_method_types": ["card"],
        "payment_status": "paid" if one.status == "complete" else "unpaid",
        "status": one.status,
        "success_url": order.success_url,
        "ui_mode": "hosted",
        "url": f"{base_url}/checkout/{one.id}" if is_open else None,
    }


def charge(one: Session) -> dict[str, Any]:
    """Return the `charge` of a complete session."""
    return {
        "id": charge_id(one),
        "object": "charge",
        "amount": one.order.amount,
        "amount_captured": one.order.amount,
        "amount_refunded": one.refunded,
        "captured": True,
        "created": _seconds(one.created),
        "currency": one.order.currency,
        "livemode": False,
        "metadata": one.order.charge_metadata,
        "paid": True,
        "payment_intent": one.payment_intent,
        "refunded": one.refunded == one.order.amount,
        "status": "succeeded",
    }


def refund(one: Session, part: Refund) -> dict[str, Any]:
    """Return a `refund`."""
    return {
        "id": part.id,
        "object": "refund",
        "amount": part.amount,
        "charge": charge_id(one),
        "created": _seconds(part.created),
        "currency": one.order.currency,
        "metadata": part.metadata,
        "payment_intent": one.payment_intent,
        "reason": None,
        "status": "succeeded",
    }


def event(kind: str, about: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the `event` that a webhook is told."""
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": _seconds(now),
        "data": {"object": about},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
