"""Services and their settings: the membership switch, automatic debiting, free cancellation."""

from uuid import UUID

from litestar import Response
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from contracts.booking import (
    ChangeService,
    CreateService,
    DuplicateForm,
    DuplicateService,
    MergeForm,
    MergeServices,
    ServiceForm,
)
from contracts.booking_views import ServiceList, ServiceView
from contracts.problems import SETTINGS_CONFLICT
from gateway.api.routes import command, question, replacement
from gateway.commands import Submission
from gateway.queries import Reading

_PATH = "/v1/locations/{location_id:uuid}/services"
_TAG = "Services"


@command(_PATH, ServiceView, tag=_TAG, status=201, refuses=(SETTINGS_CONFLICT,))
async def create_service(
    location_id: FromPath[UUID],
    data: JSONBody[ServiceForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Offer a service at a location."""
    service_id = submission.new_id("service")
    return await submission.send(
        CreateService(service_id=service_id, location_id=location_id, service=data)
    )


@replacement(_PATH + "/{service_id:uuid}", ServiceView, tag=_TAG, refuses=(SETTINGS_CONFLICT,))
async def change_service(
    location_id: FromPath[UUID],
    service_id: FromPath[UUID],
    data: JSONBody[ServiceForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Replace the settings of a service. Bookings that were made keep the ones they had."""
    return await submission.send(
        ChangeService(service_id=service_id, location_id=location_id, service=data)
    )


@command(
    _PATH + "/{service_id:uuid}/duplicates",
    ServiceView,
    tag=_TAG,
    status=201,
    refuses=(SETTINGS_CONFLICT,),
)
async def duplicate_service(
    location_id: FromPath[UUID],
    service_id: FromPath[UUID],
    data: JSONBody[DuplicateForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Offer a copy of a service, by the same team members: one to prepay, one for members, say."""
    return await submission.send(
        DuplicateService(
            service_id=submission.new_id("service"),
            original_service_id=service_id,
            location_id=location_id,
            duplicate=data,
        )
    )


@command(_PATH + "/{service_id:uuid}/merge", ServiceView, tag=_TAG, refuses=(SETTINGS_CONFLICT,))
async def merge_services(
    location_id: FromPath[UUID],
    service_id: FromPath[UUID],
    data: JSONBody[MergeForm],
    submission: NamedDependency[Submission],
) -> Response[bytes]:
    """Let other services of the same kind become this one; their ids mean it from now on."""
    return await submission.send(
        MergeServices(service_id=service_id, location_id=location_id, merge=data)
    )


@question(_PATH, ServiceList, tag=_TAG)
async def list_services(reading: NamedDependency[Reading]) -> Response[bytes]:
    """List the services of a location."""
    return await reading.pass_on("booking")


@question(_PATH + "/{service_id:uuid}", ServiceView, tag=_TAG)
async def get_service(reading: NamedDependency[Reading]) -> Response[bytes]:
    """Return a service with its settings."""
    return await reading.pass_on("booking")
