"""Errands: calls to the outside, without a transaction open."""

from gateway.errands.phone_codes import running
from gateway.errands.senders import sending

__all__ = ["running", "sending"]
