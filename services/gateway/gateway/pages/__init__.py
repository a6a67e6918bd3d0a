"""The pages: the back office, and booking without scripts, both on the public API."""

from gateway.pages.assets import ASSETS
from gateway.pages.office import OFFICE

PAGES = (*ASSETS, OFFICE)
"""All handlers of pages."""

__all__ = ["PAGES"]
