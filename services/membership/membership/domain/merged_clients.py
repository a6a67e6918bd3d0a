"""Clients who turn out to be one: the old ids mean the kept client, for ever."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from membership.domain.history import Change
from membership.domain.memberships import Membership
from membership.domain.merging import Merge, merge
from membership.domain.plans import Plan
from membership.domain.wallets import Wallets

_CLIENTS: Final = {"client_id", "shared_client_ids", "plan", "plans"}
"""The fields of requests that name clients."""

Asking = TypeVar("Asking")


class ClientMerge(NamedTuple):
    """Clients of a chain are one from now on, and known by `client_id`."""

    chain_id: UUID
    client_id: UUID
    merged_client_ids: tuple[UUID, ...]

    @property
    def all_ids(self) -> tuple[UUID, ...]:
        """The clients who are one."""
        return self.client_id, *self.merged_client_ids


def merge_clients(wallets: Wallets, request: ClientMerge, now: datetime) -> None:
    """Join the wallets, and let memberships and all that is known be the kept client's.

    However large the wallet becomes: nobody can be told that two are not the same person.
    """
    wallet = wallets.by_client[request.client_id]
    for client_id in request.merged_client_ids:
        wallets.join(wallet, wallets.by_client[client_id], of_any_size=True)
    means = merge(wallets.aliases, Merge(request.client_id, request.merged_client_ids))
    wallets.alias({merged: kept for merged, kept in means.items() if merged != kept})
    for membership in wallet.memberships.values():
        _follow(wallets, membership, wallets.kept(request.client_id), now)
    wallets.rename()


def _follow(wallets: Wallets, membership: Membership, kept: UUID, now: datetime) -> None:
    """Let a membership be owned by, and shared with, whom its clients are now."""
    owner = wallets.kept(membership.owner_client_id)
    shared = _distinct(map(wallets.kept, membership.shared_client_ids), without=owner)
    if (owner, shared) == (membership.owner_client_id, membership.shared_client_ids):
        return
    membership.owner_client_id, membership.shared_client_ids = owner, shared
    wallets.changes.note(membership, Change("merged", now, client_id=kept))


def _distinct(ids: Iterable[UUID], *, without: UUID) -> tuple[UUID, ...]:
    return tuple(id_ for id_ in dict.fromkeys(ids) if id_ != without)


def meant(wallets: Wallets, request: Asking) -> Asking:
    """Return a request, a named tuple, as one of the kept clients, whichever ids it names."""
    if not wallets.aliases:
        return request
    asked: Any = request
    fields: Iterable[str] = asked._fields
    kept = {name: _kept(wallets, getattr(asked, name)) for name in fields if name in _CLIENTS}
    return asked._replace(**kept)


def _kept(wallets: Wallets, named: Any) -> Any:
    match named:
        case UUID():
            return wallets.kept(named)
        case Plan():
            return named._replace(client_id=wallets.kept(named.client_id))
        case (*several,):
            return tuple(dict.fromkeys(_kept(wallets, one) for one in several))
        case _:
            return named
