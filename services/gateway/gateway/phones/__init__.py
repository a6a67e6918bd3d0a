"""Phones: however a number is typed, and the codes that show whose it is (rule G8)."""

from gateway.phones.callers import network_of
from gateway.phones.codes import Limits, PhoneCodes
from gateway.phones.numbers import in_e164, not_own
from gateway.phones.store import Unsent

__all__ = ["Limits", "PhoneCodes", "Unsent", "in_e164", "network_of", "not_own"]
