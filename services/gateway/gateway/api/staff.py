"""Staff: who signs in to the back office, and what they may do where."""

from typing import Annotated, Self
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from pydantic import StringConstraints, model_validator

from contracts.base import Form
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
from gateway.api.routes import refusals
from gateway.queries import Reading
from gateway.staff import Grant, StaffList, StaffMember, StaffRole, accounts, enrolment
from postgres import Database
from web.problems import invalid_field, not_found

_PATH = "/v1/chains/{chain_id:uuid}/staff"
_PLATFORM_PATH = "/v1/platform-staff"
_TAG = "Staff"
_OF_ALL = (UNAUTHENTICATED, FORBIDDEN, SERVICE_UNAVAILABLE)

Email = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)
]


class PlatformStaffForm(Form):
    """Somebody who runs the installation; an address of others is entered with its own password."""

    email: Email
    name: Name
    password: Annotated[str, StringConstraints(min_length=10, max_length=200)]


class StaffForm(PlatformStaffForm):
    """A person and a role: an `owner` is of the chain, the others of a location."""

    role: StaffRole
    location_id: UUID | None = None

    @model_validator(mode="after")
    def _place_fits_role(self) -> Self:
        if self.role is StaffRole.PLATFORM:
            raise ValueError("the platform's staff is of no chain")
        if (self.role is StaffRole.OWNER) != (self.location_id is None):
            raise ValueError("every role but owner needs a location_id, and owner has none")
        return self


@post(_PATH, tags=[_TAG], responses=refusals(INVALID_REQUEST, *_OF_ALL, NOT_FOUND, TOO_LARGE))
async def add_staff_member(
    chain_id: FromPath[UUID],
    data: JSONBody[StaffForm],
    reading: NamedDependency[Reading],
    database: NamedDependency[Database],
) -> StaffMember:
    """Let a person sign in to the back office, or give another role to one who does.

    The answer to repeating it is the same. Who works in the chain already keeps name and password;
    who works elsewhere alone is let in by the password of that account.
    """
    await reading.read("booking", f"/chains/{chain_id}", ChainView)
    if data.location_id is not None:
        location = await reading.referred(
            "booking", f"/locations/{data.location_id}", LocationView, field="location_id"
        )
        if location.chain_id != chain_id:
            raise invalid_field("location_id", "The location belongs to another chain.")
    grant = Grant(role=data.role, chain_id=chain_id, location_id=data.location_id)
    return await enrolment.enrol(database, data.email, data.name, data.password, grant)


@get(_PATH, tags=[_TAG], responses=refusals(*_OF_ALL, NOT_FOUND))
async def list_staff(chain_id: FromPath[UUID], database: NamedDependency[Database]) -> StaffList:
    """List who has a role in a chain, by name."""
    return StaffList(staff=tuple(await accounts.of_chain(database, chain_id)))


@delete(_PATH + "/{staff_id:uuid}", tags=[_TAG], responses=refusals(*_OF_ALL, NOT_FOUND))
async def remove_staff_member(
    chain_id: FromPath[UUID], staff_id: FromPath[UUID], database: NamedDependency[Database]
) -> None:
    """Take all roles in a chain from a person; the sessions end at once."""
    async with database.transaction() as transaction:
        if not await accounts.withdraw(transaction, staff_id, chain_id):
            raise not_found(f"staff member {staff_id}")


@post(_PLATFORM_PATH, tags=[_TAG], responses=refusals(INVALID_REQUEST, *_OF_ALL, TOO_LARGE))
async def add_platform_staff(
    data: JSONBody[PlatformStaffForm], database: NamedDependency[Database]
) -> StaffMember:
    """Let a person who runs the installation sign in, to see its messages."""
    grant = Grant(role=StaffRole.PLATFORM)
    return await enrolment.enrol(database, data.email, data.name, data.password, grant)


@get(_PLATFORM_PATH, tags=[_TAG], responses=refusals(*_OF_ALL))
async def list_platform_staff(database: NamedDependency[Database]) -> StaffList:
    """List who runs the installation, by name."""
    return StaffList(staff=tuple(await accounts.of_chain(database, None)))


@delete(_PLATFORM_PATH + "/{staff_id:uuid}", tags=[_TAG], responses=refusals(*_OF_ALL, NOT_FOUND))
async def remove_platform_staff(
    staff_id: FromPath[UUID], database: NamedDependency[Database]
) -> None:
    """Take the platform's role from a person; the sessions end at once."""
    async with database.transaction() as transaction:
        if not await accounts.withdraw(transaction, staff_id, None):
            raise not_found(f"staff member {staff_id}")
