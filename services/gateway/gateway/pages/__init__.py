"""The pages: the back office, and booking without scripts, both on the public API."""

from gateway.pages.assets import ASSETS
from gateway.pages.booking import BOOKING, CHECKOUT
from gateway.pages.office import OFFICE
from gateway.pages.widget import WIDGET

PAGES = (*ASSETS, *WIDGET, OFFICE, BOOKING, CHECKOUT)
"""All handlers of pages."""

__all__ = ["PAGES"]
