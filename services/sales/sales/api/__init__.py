"""HTTP in: what sales can be asked, for those within whose reach it is."""

from typing import Any, Final

from sales.api import sales, visits

ROUTES: Final[list[Any]] = [*sales.ROUTES, *visits.ROUTES]
