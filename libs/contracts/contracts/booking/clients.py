"""Clients and their phone numbers."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.base import Command, Form
from contracts.values import Name

Phone = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=40)]
"""A phone number as it was typed; numbers are compared in E.164 form (rule G8)."""


class ClientForm(Form):
    """The person who visits, known by a phone number that is unique in the chain."""

    name: Name
    phone: Phone
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None


class RegisterClient(Command):
    """Enter a client. A number that the chain knows already is refused, naming nobody."""

    type: ClassVar[str] = "booking.register_client.v1"
    subject: ClassVar[str] = "client_id"

    client_id: UUID
    chain_id: UUID
    client: ClientForm


class ChangeClient(Command):
    """Replace a client's name and phone; memberships and bookings stay the client's (rule G8)."""

    type: ClassVar[str] = "booking.change_client.v1"
    subject: ClassVar[str] = "client_id"

    client_id: UUID
    chain_id: UUID
    client: ClientForm


class MergingForm(Form):
    """Clients who turn out to be the same person as another."""

    client_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=20)]


class MergeClients(Command):
    """Make one client of several, who keeps the name and phone of `client_id`.

    The others' bookings, visits and memberships are this client's; their ids work for ever.
    """

    type: ClassVar[str] = "booking.merge_clients.v1"
    subject: ClassVar[str] = "client_id"

    client_id: UUID
    chain_id: UUID
    merging: MergingForm


class EraseClient(Command):
    """Forget a client's name and phone, everywhere; what was booked, used and paid stays counted.

    Refused as long as appointments are still to come.
    """

    type: ClassVar[str] = "booking.erase_client.v1"
    subject: ClassVar[str] = "client_id"

    client_id: UUID
    chain_id: UUID
