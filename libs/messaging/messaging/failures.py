"""Which failures pass by themselves, and which come back with the message."""

import os
from typing import Final, NoReturn

import asyncpg
import structlog

_log = structlog.get_logger(__name__)

# Authorization and catalogue errors too: they tell of the installation, not of a message.
_PASSING_CLASSES: Final = frozenset({"08", "28", "3D", "40", "53", "55", "57", "58"})
_PASSING_STATES: Final = frozenset({"25006", "25P03", "42501", "42P01"})


def passes(error: BaseException) -> bool:
    """Whether the same batch may succeed when it is tried again later."""
    match error:
        case asyncpg.InvalidCachedStatementError() | asyncpg.InternalClientError():
            return True
        case asyncpg.PostgresError():
            state = error.sqlstate or ""
            return state[:2] in _PASSING_CLASSES or state in _PASSING_STATES
        case asyncpg.DataError():
            return False
        case asyncpg.InterfaceError():  # "connection is closed", "pool is closing"
            return "clos" in str(error)
        case BaseExceptionGroup():
            return all(passes(one) for one in error.exceptions)
        case _:
            return isinstance(error, OSError)  # includes TimeoutError and ConnectionError


def leave(reason: str, **facts: object) -> NoReturn:
    """End the process, so that it is started again; what was not acknowledged comes again."""
    _log.critical("leaving the process", reason=reason, **facts)
    os._exit(70)
