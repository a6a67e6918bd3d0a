"""Who may do what, and how the services are told who asks."""

from gateway.access.clients import ClientTokens
from gateway.access.cross_origin import cross_origin, preflights
from gateway.access.guard import IS_COMMAND, guard
from gateway.access.inner import InnerTokens
from gateway.access.permissions import ROLES
from gateway.access.tokens import Tokens

__all__ = [
    "IS_COMMAND",
    "ROLES",
    "ClientTokens",
    "InnerTokens",
    "Tokens",
    "cross_origin",
    "guard",
    "preflights",
]
