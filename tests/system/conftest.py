"""Journeys through the running system, over its public edge."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def nothing_differs(audited: None) -> None:
    """Everything that these journeys leave behind is recomputed at the end."""
