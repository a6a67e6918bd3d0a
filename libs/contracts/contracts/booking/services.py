"""Services and their settings."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from contracts.base import Command, Form
from contracts.values import MinorUnits, Name


class ServiceForm(Form):
    """A service and its settings.

    `membership_booking` is the switch of rule G1 ("Prohibit online booking without a membership"
    of an individual service, "Membership booking" of a group service). With `online_prepayment` the
    service is paid online where the location's policy says so; an individual service takes one of
    the two (rule G2). `automatic_debiting` and `free_cancellation_hours` are those of rules A1 and
    A2. `price` is in minor units of the location's currency; `duration_minutes` a multiple of 5.
    """

    name: Name
    kind: Literal["individual", "group"]
    duration_minutes: Annotated[int, Field(ge=5, le=24 * 60, multiple_of=5)]
    price: MinorUnits
    category_id: UUID | None = None
    membership_booking: bool = False
    online_prepayment: bool = False
    automatic_debiting: bool = False
    free_cancellation_hours: Annotated[int, Field(ge=0, le=24 * 30)] = 0


class CreateService(Command):
    """Offer a service at a location."""

    type: ClassVar[str] = "booking.create_service.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    location_id: UUID
    service: ServiceForm


class ChangeService(Command):
    """Replace the settings of a service; its kind stays. Bookings made keep theirs (rule A17)."""

    type: ClassVar[str] = "booking.change_service.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    location_id: UUID
    service: ServiceForm


class DuplicateForm(Form):
    """What the copy of a service has instead; the way out of rule G2."""

    name: Name | None = None
    membership_booking: bool | None = None
    online_prepayment: bool | None = None


class DuplicateService(Command):
    """Offer a copy of a service, `service_id`, performed by the same team members."""

    type: ClassVar[str] = "booking.duplicate_service.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    original_service_id: UUID
    location_id: UUID
    duplicate: DuplicateForm


class MergeForm(Form):
    """The services that become one with another, of the same location and kind (rule A11)."""

    service_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=50)]


class MergeServices(Command):
    """Merge services into `service_id`; the old ids mean it for ever (rules A11, A17)."""

    type: ClassVar[str] = "booking.merge_services.v1"
    subject: ClassVar[str] = "service_id"

    service_id: UUID
    location_id: UUID
    merge: MergeForm
