"""Clients' phones, and the codes that they get."""

import random
import re

import httpx

from devstack import Stack
from journeys import until


def new_phone() -> str:
    """Return a number that no test had before: a phone gets few codes in an hour."""
    return f"+351 91{random.randrange(10**7):07}"


def code_for(system: Stack, phone: str) -> str:
    """Wait for the code that a phone is sent, and return the newest."""
    inbox, number = f"{system.service_url('devproviders')}/messages", phone.replace(" ", "")
    got = until(lambda: httpx.get(inbox, params={"phone": number}).json(), bool)
    found = re.search(r"\d{6}", got[0]["text"])
    assert found, got
    return found[0]
