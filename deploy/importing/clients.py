"""Clients, known by their phone."""

from typing import Final

from outcomes import State
from rows import Row
from studios import Studio

COLUMNS: Final = ("reference", "name", "phone")


def bring(studio: Studio, row: Row, dry_run: bool) -> tuple[State, str]:
    """Enter a client, unless the phone is known already."""
    form = {"name": row.needed("name"), "phone": row.needed("phone")}
    studio.clients[row.reference] = form
    known = studio.who_has(form["phone"])
    if known is not None:
        studio.clients[row.reference] = known
        return State.THERE, f"as {known['name']}"
    if not dry_run:
        key = f"import client {row.reference} {form['phone']}"
        entered = studio.edge.post(f"/chains/{studio.chain}/clients", form, idempotency_key=key)
        studio.clients[row.reference] = entered
    return State.NEW, ""
