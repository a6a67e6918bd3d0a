"""Locations."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import ChangeLocation, CreateLocation, LocationForm
from contracts.booking_views import LocationList, LocationView
from gateway.api.routes import command, question, replacement
from gateway.commands import Submission
from gateway.queries import Reading

_TAG = "Chains and locations"


@command("/v1/chains/{chain_id:uuid}/locations", LocationView, tag=_TAG, status=201)
async def create_location(
    chain_id: FromPath[UUID],
    data: JSONBody[LocationForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Open a location in a chain, with its time zone and currency."""
    location_id = submission.new_id("location")
    return await submission.send(
        CreateLocation(location_id=location_id, chain_id=chain_id, location=data)
    )


@replacement("/v1/locations/{location_id:uuid}", LocationView, tag=_TAG)
async def change_location(
    location_id: FromPath[UUID],
    data: JSONBody[LocationForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Replace the settings of a location; its currency and time zone stay.

    Online payment that is turned on turns on the prepayment of all services of its kind, but of
    individual ones that are booked with memberships only.
    """
    return await submission.send(ChangeLocation(location_id=location_id, location=data))


@question("/v1/chains/{chain_id:uuid}/locations", LocationList, tag=_TAG)
async def list_locations(reading: NamedDependency[Reading]) -> Response[bytes]:
    """List the locations of a chain, by name; a key of one location is shown that one."""
    return await reading.pass_on("booking")


@question("/v1/locations/{location_id:uuid}", LocationView, tag=_TAG)
async def get_location(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a location."""
    return await reading.pass_on("booking")
