"""Chains with their categories and clocks, and locations."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import StringConstraints

from contracts.base import Command, Form
from contracts.values import Currency, Instant, Name


class ChainForm(Form):
    """A group of locations that share clients and membership types."""

    name: Name
    sandbox: bool = False
    """A chain for developers: its clock can be moved (`SetTestClock`)."""


class CreateChain(Command):
    """Found a chain."""

    type: ClassVar[str] = "booking.create_chain.v1"
    subject: ClassVar[str] = "chain_id"

    chain_id: UUID
    chain: ChainForm


class TestClockForm(Form):
    """The time that it shall be in a sandbox chain; it moves forward only."""

    now: Instant


class SetTestClock(Command):
    """Move the clock of a sandbox chain; everything that is due by then happens."""

    type: ClassVar[str] = "booking.set_test_clock.v1"
    subject: ClassVar[str] = "chain_id"

    chain_id: UUID
    clock: TestClockForm


class CategoryForm(Form):
    """A group of services throughout a chain, which a membership type may cover as a whole."""

    name: Name


class CreateCategory(Command):
    """Add a category to a chain."""

    type: ClassVar[str] = "booking.create_category.v1"
    subject: ClassVar[str] = "category_id"

    category_id: UUID
    chain_id: UUID
    category: CategoryForm


PaymentPolicy = Literal["off", "optional", "mandatory"]


class OnlinePayment(Form):
    """Whether services with `online_prepayment` may, or must, be paid when they are booked online.

    Turning one on from `off` turns on the prepayment of all services of its kind, individual ones
    with the membership switch left out (rule G4).
    """

    individual: PaymentPolicy = "off"
    group: PaymentPolicy = "off"


class WidgetTheme(Form):
    """How the widget looks; the label "Membership booking" has its colour (rule G9)."""

    color: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#3b5bdb"
    mode: Literal["light", "dark", "auto"] = "auto"


class LocationForm(Form):
    """A branch: its IANA time zone, currency, and the region of phone numbers without a prefix.

    With `phone_confirmation` every online booking needs a confirmed phone number, not only those
    that spend sessions (rule G8).
    """

    name: Name
    time_zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    currency: Currency
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    online_payment: OnlinePayment = OnlinePayment()
    phone_confirmation: bool = False
    widget_theme: WidgetTheme = WidgetTheme()


class CreateLocation(Command):
    """Open a location in a chain."""

    type: ClassVar[str] = "booking.create_location.v1"
    subject: ClassVar[str] = "location_id"

    location_id: UUID
    chain_id: UUID
    location: LocationForm


class ChangeLocation(Command):
    """Replace the settings of a location; its currency and time zone stay."""

    type: ClassVar[str] = "booking.change_location.v1"
    subject: ClassVar[str] = "location_id"

    location_id: UUID
    location: LocationForm
