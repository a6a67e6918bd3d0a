"""The time in each chain, with the test clocks of sandboxes."""

from importlib.resources import files

from clocks.clocks import Clocks, Moved, Times

MIGRATIONS = files(__name__) / "migrations"

__all__ = ["MIGRATIONS", "Clocks", "Moved", "Times"]
