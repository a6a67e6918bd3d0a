"""What the model refuses, and why."""

from collections.abc import Callable

Reasons = dict[tuple[str | None, str], set[str]]
"""Why a membership (or, without one, any) does not carry a service: what may be said of it."""


class RefusedError(Exception):
    """A step must be refused, with one of these problem types."""

    def __init__(self, *types: str, reasons: Reasons | None = None) -> None:
        super().__init__(*types)
        self.types = set(types)
        self.reasons = reasons or {}


def all_of(*checks: Callable[[], object]) -> None:
    """Refuse with everything that is wrong: which of it is said first, no rule tells."""
    types: set[str] = set()
    for check in checks:
        try:
            check()
        except RefusedError as refusal:
            types |= refusal.types
    if types:
        raise RefusedError(*types)
