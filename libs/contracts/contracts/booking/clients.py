"""Clients and their phone numbers."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import StringConstraints

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
