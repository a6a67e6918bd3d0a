"""Issued memberships, with what is left on them."""

import json
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from contracts.membership import ImportedMembershipForm
from edge import Json
from outcomes import State
from rows import Row, RowError
from studios import Studio

COLUMNS: Final = (
    *("reference", "client", "membership_type", "remaining"),
    *("issued_on", "activated_on", "expires_on", "shared_with"),
)


def bring(studio: Studio, row: Row, dry_run: bool) -> tuple[State, str]:
    """Issue a membership, once for ever: its reference names it."""
    kind = studio.membership_type(row.needed("membership_type"))
    client_id = studio.client_id(row.needed("client"))
    shared = [studio.client_id(reference) for reference in row.several("shared_with")]
    form = {
        "reference": row.reference,
        "client_id": client_id,
        "membership_type_id": kind["membership_type_id"],
        "remaining": _remaining(row, kind),
        "issued_on": row.needed("issued_on"),
        "activated_on": row.given("activated_on"),
        "expires_on": row.given("expires_on"),
        "shared_client_ids": shared,
    }
    _require_valid(form)
    known = client_id is not None and _is_known(studio, client_id, row.reference)
    if not dry_run:
        path = f"/locations/{studio.location}/imported-memberships"
        studio.edge.post(path, form)  # its reference makes it one, whatever the key
    return (State.THERE if known else State.NEW), ""


def _require_valid(form: Json) -> None:
    """Raise RowError for what no edge would take; whoever is not entered yet has no id."""
    nobody = str(UUID(int=0))
    shared = [one or nobody for one in form["shared_client_ids"]]
    filled = form | {"client_id": form["client_id"] or nobody, "shared_client_ids": shared}
    try:
        ImportedMembershipForm.model_validate_json(json.dumps(filled))
    except ValidationError as error:
        raise RowError(
            "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())
        ) from None


def _is_known(studio: Studio, client_id: str, reference: str) -> bool:
    owned = studio.edge.get(f"/clients/{client_id}/memberships")["memberships"]
    return any(one["reference"] == reference for one in owned)


def _remaining(row: Row, kind: Json) -> list[int | None]:
    """Return the sessions that are left, a bucket each: `4`, or `4; unlimited`."""
    left = row.several("remaining")
    buckets = kind["buckets"]
    if len(left) != len(buckets):
        raise RowError(f"remaining: {kind['name']} has {len(buckets)} counts, not {len(left)}")
    return [_count(text, bucket) for text, bucket in zip(left, buckets, strict=True)]


def _count(text: str, bucket: Json) -> int | None:
    if bucket["sessions"] is None:
        if text != "unlimited":
            raise RowError(f"remaining: {text!r} of what is unlimited; write `unlimited`")
        return None
    if not text.isdecimal():
        raise RowError(f"remaining: {text!r} is no number of sessions")
    return int(text)
