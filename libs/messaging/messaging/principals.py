"""Who asked: read from the token without verifying it, which is the service's part."""

import base64
import binascii
import json
from typing import Any, cast
from uuid import UUID


def subject_of(token: str | None) -> UUID | None:
    """Return the id in a signed token's `sub`, `None` when it has none.

    Good enough to tell later who may read the operation: a forged token is refused by the
    service, and the refusal is all that its forger could read.
    """
    try:
        return UUID(claims_of(token)["sub"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def claims_of(token: str | None) -> dict[str, Any]:
    """Return what a token says, nothing when it is none."""
    try:
        payload = (token or "").split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return {}
    return cast("dict[str, Any]", claims) if isinstance(claims, dict) else {}
