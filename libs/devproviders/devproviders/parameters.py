"""Stripe's form-encoded parameters: `metadata[order]=7` is `{"metadata": {"order": "7"}}`."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl

from devproviders.errors import StripeError, invalid, missing

_PARTS: Final = re.compile(r"[^\[\]]+")

Parameters = Mapping[str, Any]


def parse(body: bytes) -> Parameters:
    """Return the parameters of a request's body, nested as their names say."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode(), keep_blank_values=True):
        *parents, last = _PARTS.findall(name) or [name]
        place = found
        for parent in parents:
            place = _inside(place, parent, name)
        place[last] = value
    return found


def _inside(place: dict[str, Any], name: str, whole: str) -> dict[str, Any]:
    inner = place.setdefault(name, {})
    if not isinstance(inner, dict):
        raise invalid(whole, f"Invalid object: {whole}")
    return cast("dict[str, Any]", inner)


def only(parameters: Parameters, known: Collection[str]) -> None:
    """Refuse parameters that nobody knows."""
    for name in parameters:
        if name not in known:
            raise StripeError(
                400,
                f"Received unknown parameter: {name}",
                code="parameter_unknown",
                param=name,
            )


def text(parameters: Parameters, name: str, *, param: str | None = None) -> str:
    """Return a text that must be there; `param` is its whole name."""
    value = parameters.get(name)
    if value is None:
        raise missing(param or name)
    if not isinstance(value, str):
        raise invalid(param or name, "Invalid string: {}")
    if not value:
        raise StripeError(
            400,
            f"You passed an empty string for '{param or name}'.",
            code="parameter_invalid_empty",
            param=param or name,
        )
    return value


def optional_text(parameters: Parameters, name: str) -> str | None:
    """Return a text, if it is there."""
    return text(parameters, name) if name in parameters else None


def integer(parameters: Parameters, name: str, *, param: str | None = None) -> int:
    """Return a number that must be there."""
    value = text(parameters, name, param=param)
    if not re.fullmatch(r"-?\d{1,15}", value):
        raise StripeError(
            400,
            f"Invalid integer: {value}",
            code="parameter_invalid_integer",
            param=param or name,
        )
    return int(value)


def group(parameters: Parameters, name: str, *, param: str | None = None) -> Parameters:
    """Return nested parameters; none if they are absent."""
    value = parameters.get(name, {})
    if not isinstance(value, dict):
        raise invalid(param or name, "Invalid object")
    return cast("Parameters", value)


def metadata(parameters: Parameters) -> dict[str, str]:
    """Return what the caller wants to find again."""
    return {str(name): str(value) for name, value in group(parameters, "metadata").items()}
