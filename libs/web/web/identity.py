"""Who asks: the principal, and the short-lived signed token in which its identity travels."""

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field

LIFETIME: Final = timedelta(seconds=60)
# Machines' clocks differ a little, the broker's among them.
CLOCK_SKEW: Final = timedelta(seconds=10)
_ALGORITHM: Final = "EdDSA"


class Role(StrEnum):
    """What an API key is for, and so what its holder may do."""

    PLATFORM = "platform"
    """Runs the installation: creates chains, and keys of every role."""
    GATEWAY = "gateway"
    """A chain's own trusted backend; may vouch that it has confirmed a client's phone."""
    OPERATOR = "operator"
    """The back office of one location."""
    WIDGET = "widget"
    """Publishable: online booking at one location."""
    CLIENT = "client"
    """A client who has confirmed a phone number, at one location."""
    READER = "reader"
    """Reads everything of one chain, changes nothing."""


class Principal(BaseModel):
    """Who asks: the holder of an API key, or a client with a confirmed `phone` in E.164 form.

    `chain_id` is absent for the platform only. `origins` are the websites whose pages may ask with
    what is published there, a widget's key and the tokens that come of it; the edge alone asks.
    """

    model_config = ConfigDict(frozen=True)

    id: UUID
    role: Role
    chain_id: UUID | None = None
    location_id: UUID | None = None
    phone: str | None = None
    origins: tuple[str, ...] | None = None

    @property
    def may_vouch_for_phones(self) -> bool:
        """Whether this principal's word suffices that a client's phone is confirmed (G8)."""
        return self.role is Role.GATEWAY

    def reaches(self, chain_id: UUID, location_id: UUID | None = None) -> bool:
        """Return whether rows of this chain, or of this location of it, exist for the principal.

        What is out of reach is answered like what does not exist: 404. Rows that belong to the
        chain as a whole have no `location_id`, and are within reach of all its locations.
        """
        if self.role is Role.PLATFORM:
            return True
        if self.chain_id != chain_id:
            return False
        return location_id is None or self.location_id in {None, location_id}


class InvalidToken(Exception):  # noqa: N818 — reads as the fact that it is
    """The token was not signed by the gateway, or is not a principal's."""


class ExpiredToken(InvalidToken):
    """The token was signed by the gateway, for another time."""


class KeyPair(NamedTuple):
    """An Ed25519 key pair; each half is its 32 raw bytes in base64."""

    signing_key: str
    verify_key: str


def new_key_pair() -> KeyPair:
    """Return a fresh key pair: the signing half for the gateway, the other for every service."""
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(
        serialization.Encoding.Raw,
        serialization.PrivateFormat.Raw,
        serialization.NoEncryption(),
    )
    return KeyPair(_encode(secret), _encode(private.public_key().public_bytes_raw()))


def verify_key_of(signing_key: str) -> str:
    """Return the other half of the pair."""
    return _encode(_private_key(signing_key).public_key().public_bytes_raw())


def sign(
    principal: Principal,
    signing_key: str,
    now: datetime,
    *,
    lifetime: timedelta = LIFETIME,
    audience: str | None = None,
) -> str:
    """Return a token that says for `lifetime` from `now` on that `principal` asks.

    One for an `audience` is worth nothing to any other: services take none with an audience.
    """
    claims: dict[str, Any] = {
        **({} if audience is None else {"aud": audience}),
        "sub": str(principal.id),
        "role": principal.role.value,
        "chain": _text(principal.chain_id),
        "location": _text(principal.location_id),
        "phone": principal.phone,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    if principal.origins is not None:
        claims["origins"] = principal.origins
    return jwt.encode(claims, _private_key(signing_key), algorithm=_ALGORITHM)


def verify(token: str, verify_key: str, at: datetime, *, audience: str | None = None) -> Principal:
    """Return the principal that `token` speaks for at the instant `at`.

    `at` is the effective time of a command, however late it is handled, and now for a GET.
    Raises `InvalidToken`, or its subclass `ExpiredToken`.
    """
    vouched = _vouched(token, verify_key, audience)
    if (
        not vouched.since - CLOCK_SKEW.seconds
        <= at.timestamp()
        < vouched.until + CLOCK_SKEW.seconds
    ):
        raise ExpiredToken(f"the token of principal {vouched.principal.id} is for another time")
    return vouched.principal


class _Claims(BaseModel):
    model_config = ConfigDict(frozen=True)

    sub: UUID
    role: Role
    chain: UUID | None = None
    location: UUID | None = None
    phone: str | None = None
    origins: tuple[str, ...] | None = None
    iat: int
    exp: int = Field(gt=0)


class _Vouched(NamedTuple):
    principal: Principal
    since: int
    until: int


@lru_cache(maxsize=4096)
def _vouched(token: str, verify_key: str, audience: str | None) -> _Vouched:
    """Check the signature; the same token comes many times, for the gateway reuses it."""
    claims = _Claims.model_validate(_decoded(token, verify_key, audience))
    principal = Principal(
        id=claims.sub,
        role=claims.role,
        chain_id=claims.chain,
        location_id=claims.location,
        phone=claims.phone,
        origins=claims.origins,
    )
    return _Vouched(principal, claims.iat, claims.exp)


def _decoded(token: str, verify_key: str, audience: str | None) -> Mapping[str, Any]:
    # The times are judged by the caller's clock, not by that of this process.
    options: Any = {"verify_exp": False, "verify_iat": False, "require": ["sub", "iat", "exp"]}
    try:
        return jwt.decode(
            token,
            _public_key(verify_key),
            algorithms=[_ALGORITHM],
            options=options,
            audience=audience,
        )
    except jwt.InvalidTokenError as error:
        raise InvalidToken(str(error)) from error


@lru_cache
def _private_key(signing_key: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(signing_key))


@lru_cache
def _public_key(verify_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(verify_key))


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
