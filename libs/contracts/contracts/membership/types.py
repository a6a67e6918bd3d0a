"""Membership types: the articles that are sold."""

from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.base import Command, Form
from contracts.values import Currency, MinorUnits, Name


class BucketForm(Form):
    """One count of sessions with what it covers: services, and all services of categories.

    No count means unlimited.
    """

    sessions: Annotated[int, Field(ge=1, le=100_000)] | None = None
    service_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    category_ids: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        if not self.service_ids and not self.category_ids:
            raise ValueError("give service_ids or category_ids")
        return self


class Validity(Form):
    """How long a membership is valid from its activation on; the last day is its expiry date."""

    count: Annotated[int, Field(ge=1, le=3660)]
    unit: Literal["days", "weeks", "months", "years"]


class GateForm(Form):
    """What makes the gate stricter than rule G5: valid on the day of the visit, not frozen."""

    valid_on_visit_day: bool = False
    not_while_frozen: bool = False


class FreezingForm(Form):
    """How often, and for how many days in all, a membership may be frozen; None: no limit."""

    times: Annotated[int, Field(ge=0, le=1000)] | None = None
    days: Annotated[int, Field(ge=0, le=3660)] | None = None


class MembershipTypeForm(Form):
    """The article that is sold.

    `price` is in minor units of `currency`. `auto_deduction` is the second switch of rule A13.
    Without a validity, memberships never expire; it begins with the sale, with the first visit, or
    on a date that the sale names. Without `location_ids` the whole chain takes it.
    """

    name: Name
    price: MinorUnits
    currency: Currency
    buckets: Annotated[tuple[BucketForm, ...], Field(min_length=1, max_length=50)]
    validity: Validity | None = None
    activation: Literal["on_sale", "on_first_visit", "on_date"] = "on_sale"
    auto_deduction: bool = True
    gate: GateForm = GateForm()
    freezing: FreezingForm = FreezingForm()
    location_ids: Annotated[tuple[UUID, ...], Field(max_length=500)] = ()


class CreateMembershipType(Command):
    """Offer a membership type in a chain."""

    type: ClassVar[str] = "membership.create_membership_type.v1"
    subject: ClassVar[str] = "membership_type_id"

    membership_type_id: UUID
    chain_id: UUID
    membership_type: MembershipTypeForm


class ChangeMembershipType(Command):
    """Replace a membership type; memberships issued already keep what they were sold with."""

    type: ClassVar[str] = "membership.change_membership_type.v1"
    subject: ClassVar[str] = "membership_type_id"

    membership_type_id: UUID
    chain_id: UUID
    membership_type: MembershipTypeForm
