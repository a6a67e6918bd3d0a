"""What a caller is told while the gateway's own database cannot be asked."""

from collections.abc import Generator
from contextlib import contextmanager

from contracts.problems import SERVICE_UNAVAILABLE
from messaging.failures import passes
from web.problems import ProblemError


@contextmanager
def answered_503(detail: str) -> Generator[None]:
    """Answer a failure that passes with 503 and `detail`; any other is a mistake of ours."""
    try:
        yield
    except Exception as error:
        if not passes(error):
            raise
        problem = SERVICE_UNAVAILABLE.problem(detail)
        raise ProblemError(problem, headers={"Retry-After": "1"}) from error
