"""Load many, save many: the only SQL that writes."""

from membership.store.freezes import find_frozen_too_long
from membership.store.membership_types import load_types, save_types
from membership.store.merged_services import load_merged, lock_and_load_merged, save_merged
from membership.store.passed_holds import find_passed
from membership.store.saving import save
from membership.store.visit_statuses import save_visit_statuses
from membership.store.wallets import Keys, load, lock_and_load

__all__ = [
    "Keys",
    "find_frozen_too_long",
    "find_passed",
    "load",
    "load_merged",
    "load_types",
    "lock_and_load",
    "lock_and_load_merged",
    "save",
    "save_merged",
    "save_types",
    "save_visit_statuses",
]
