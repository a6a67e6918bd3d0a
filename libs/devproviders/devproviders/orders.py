"""What a caller of the checkout wants to be paid, read from its parameters."""

from datetime import UTC, datetime
from typing import Any, Final, cast

from devproviders import parameters
from devproviders.errors import StripeError, invalid, missing
from devproviders.parameters import Parameters
from devproviders.payments import Order

_SESSION: Final = {
    "cancel_url", "client_reference_id", "expires_at", "line_items", "metadata", "mode",
    "payment_intent_data", "payment_method_types", "success_url",
}  # fmt: skip


def order(asked: Parameters) -> Order:
    """Return what is to be paid: all positions together."""
    parameters.only(asked, _SESSION)
    if parameters.text(asked, "mode") != "payment":
        raise invalid("mode", "Only the mode `payment` is known here.")
    positions = list(parameters.group(asked, "line_items").values())
    if not positions:
        raise missing("line_items")
    priced = [_position(ordinal, position) for ordinal, position in enumerate(positions)]
    currencies = {currency for _, currency, _ in priced}
    if len(currencies) > 1:
        raise invalid("line_items", "All positions must have the same currency.")
    return Order(
        amount=sum(amount for amount, _, _ in priced),
        currency=currencies.pop(),
        name=", ".join(name for _, _, name in priced),
        success_url=_url(parameters.text(asked, "success_url"), "success_url"),
        cancel_url=_cancel_url(asked),
        client_reference_id=parameters.optional_text(asked, "client_reference_id"),
        metadata=parameters.metadata(asked),
        charge_metadata=parameters.metadata(parameters.group(asked, "payment_intent_data")),
    )


def _position(ordinal: int, position: Any) -> tuple[int, str, str]:
    """Return the amount, the currency and the name of one position."""
    place = f"line_items[{ordinal}]"
    if not isinstance(position, dict):
        raise invalid(place, "Invalid object")
    position = cast("Parameters", position)
    price = parameters.group(position, "price_data", param=f"{place}[price_data]")
    product = parameters.group(price, "product_data", param=f"{place}[price_data][product_data]")
    currency = parameters.text(price, "currency", param=f"{place}[price_data][currency]").lower()
    if len(currency) != 3 or not currency.isalpha():
        raise invalid(f"{place}[price_data][currency]", f"Invalid currency: {currency}.")
    each = parameters.integer(price, "unit_amount", param=f"{place}[price_data][unit_amount]")
    quantity = parameters.integer(position, "quantity", param=f"{place}[quantity]")
    if each < 1 or quantity < 1:
        raise invalid(place, "This value must be greater than or equal to 1.")
    name = parameters.text(product, "name", param=f"{place}[price_data][product_data][name]")
    return each * quantity, currency, name


def _cancel_url(asked: Parameters) -> str | None:
    url = parameters.optional_text(asked, "cancel_url")
    return None if url is None else _url(url, "cancel_url")


def _url(url: str, param: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise StripeError(400, "Not a valid URL", code="url_invalid", param=param)
    return url


def expires_at(asked: Parameters) -> datetime | None:
    """Return when the page is to close, if the caller says so."""
    if "expires_at" not in asked:
        return None
    return datetime.fromtimestamp(parameters.integer(asked, "expires_at"), UTC)
