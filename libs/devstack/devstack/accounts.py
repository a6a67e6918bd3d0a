"""The user of the operating system that a program runs as, when it is not ourselves."""

import os
import pwd
from dataclasses import dataclass

from devstack.errors import StackError


@dataclass(frozen=True)
class Account:
    """Who runs a program; all None for ourselves, as `subprocess` wants it."""

    user: str | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None


OURSELVES = Account()


def unprivileged() -> Account:
    """Return an account without the rights of root: ourselves if we have none."""
    if os.geteuid() != 0:
        return OURSELVES
    for name in ("postgres", "nobody"):
        try:
            return Account(name, pwd.getpwnam(name).pw_gid, ())
        except KeyError:
            continue
    raise StackError("Postgres refuses to run as root, and here is no other user to run it as.")
