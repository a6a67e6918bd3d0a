"""Load many, save many: the only SQL that writes."""

from membership.store.membership_types import load_types, save_types
from membership.store.saving import save
from membership.store.wallets import Keys, lock_and_load

__all__ = ["Keys", "load_types", "lock_and_load", "save", "save_types"]
