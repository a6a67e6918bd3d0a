"""Clients' phones, and the codes that they get."""

import random
import re

import httpx

from devstack import Stack
from journeys import until


def new_phone() -> str:
    """Return a number that no test had before: a phone gets few codes in an hour."""
    return f"+351 91{random.randrange(10**7):07}"


def messages_to(system: Stack, phone: str) -> list[dict[str, str]]:
    """Return what a phone has got, the newest first."""
    inbox, number = f"{system.service_url('devproviders')}/messages", phone.replace(" ", "")
    got: list[dict[str, str]] = httpx.get(inbox, params={"phone": number}).json()
    return got


def code_for(system: Stack, phone: str, *, seen: int = 0) -> str:
    """Wait for a code that comes after so many messages that the phone had got already."""
    got = until(lambda: messages_to(system, phone), lambda messages: len(messages) > seen)
    found = re.search(r"\d{6}", got[0]["text"])
    assert found, got
    return found[0]
