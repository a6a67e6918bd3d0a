"""API keys: who may call."""

from typing import Annotated, Self
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import AfterValidator, Field, model_validator

from contracts.base import Form, Value
from contracts.booking_views import ChainView, LocationView
from contracts.problems import (
    FORBIDDEN,
    INVALID_REQUEST,
    NOT_FOUND,
    SERVICE_UNAVAILABLE,
    TOO_LARGE,
    UNAUTHENTICATED,
)
from contracts.values import Name
from gateway.access.cross_origin import origin
from gateway.api.routes import refusals
from gateway.keys import hash_of, new_key, store
from gateway.queries import Reading
from postgres import Database
from web.identity import Principal, Role
from web.problems import invalid_field, not_found

_PATH = "/v1/api-keys"
_TAG = "API keys"
_OF_ALL = (UNAUTHENTICATED, FORBIDDEN, SERVICE_UNAVAILABLE)
_OF_A_LOCATION = frozenset({Role.OPERATOR, Role.WIDGET})

Origin = Annotated[str, AfterValidator(origin)]


class ApiKeyForm(Form):
    """A key to issue: `operator`, `widget` of a location, `gateway`, `reader` of a chain.

    A widget's key is published, and works in browsers on pages of its `origins` alone, such as
    `https://lotus.example`; "*" is every website. The token of a client who confirmed a phone with
    it keeps to the same. Callers that are no browsers say no origin, and none is asked for.
    """

    role: Role
    name: Name
    chain_id: UUID | None = None
    location_id: UUID | None = None
    origins: Annotated[tuple[Origin, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _scope_fits_role(self) -> Self:
        if self.role is Role.CLIENT:
            raise ValueError("a client has no key, but a token for a confirmed phone")
        if (self.role is Role.PLATFORM) != (self.chain_id is None):
            raise ValueError("every role but platform needs a chain_id, and platform has none")
        if (self.role in _OF_A_LOCATION) != (self.location_id is not None):
            raise ValueError("operator and widget need a location_id, and nobody else has one")
        if self.origins and self.role is not Role.WIDGET:
            raise ValueError("only a widget's key has origins: no other is ever published")
        return self


class IssuedApiKey(store.ApiKey):
    """A key that was just issued; `api_key` is shown this once."""

    api_key: str


class ApiKeyList(Value):
    """All keys, the newest first."""

    api_keys: tuple[store.ApiKey, ...]


@post(
    _PATH,
    tags=[_TAG],
    responses=refusals(INVALID_REQUEST, *_OF_ALL, TOO_LARGE),
)
async def create_api_key(
    data: JSONBody[ApiKeyForm],
    reading: NamedDependency[Reading],
    database: NamedDependency[Database],
) -> IssuedApiKey:
    """Issue a key. The answer shows it this once; keep it."""
    await _check_scope(data, reading)
    key = new_key(data.role)
    holder = Principal(
        id=key.id,
        role=data.role,
        chain_id=data.chain_id,
        location_id=data.location_id,
        origins=data.origins,
    )
    kept = await store.keep(database, holder, data.name, hash_of(key.text))
    return IssuedApiKey(api_key=key.text, **kept.model_dump())


@get(_PATH, tags=[_TAG], responses=refusals(*_OF_ALL))
async def list_api_keys(database: NamedDependency[Database]) -> ApiKeyList:
    """List all keys, without their secrets."""
    return ApiKeyList(api_keys=tuple(await store.listed(database)))


@delete(
    _PATH + "/{api_key_id:uuid}",
    tags=[_TAG],
    responses=refusals(*_OF_ALL, NOT_FOUND),
)
async def revoke_api_key(api_key_id: FromPath[UUID], database: NamedDependency[Database]) -> None:
    """Revoke a key; within seconds it is unknown everywhere."""
    if not await store.revoke(database, api_key_id):
        raise not_found(f"API key {api_key_id}")


async def _check_scope(form: ApiKeyForm, reading: Reading) -> None:
    """Refuse a key for a chain or location that does not exist, or that do not belong together."""
    if form.chain_id is not None:
        await reading.referred("booking", f"/chains/{form.chain_id}", ChainView, field="chain_id")
    if form.location_id is not None:
        location = await reading.referred(
            "booking", f"/locations/{form.location_id}", LocationView, field="location_id"
        )
        if location.chain_id != form.chain_id:
            raise invalid_field("location_id", "The location belongs to another chain.")
