"""Fetches that name only what has changed since the last one (Kafka's KIP-227).

aiokafka names every partition in every fetch, and the broker answers for every one of them: with 60
partitions that takes more than a millisecond of both, for each message. In a session the broker
remembers what is fetched; a request says where that has changed, and a response what is new.
"""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from aiokafka.protocol.fetch import FetchRequest

_NO_SESSION: Final = 0
_FIRST_EPOCH: Final = 0  # ends the session, if there is one, and begins another
_LAST_EPOCH: Final = 2**31 - 1
_SINCE_VERSION: Final = 7  # of the fetch request

_Untyped: TypeAlias = Any  # aiokafka has no types
_Partition = tuple[str, int]
_Topics = list[tuple[str, list[tuple[int, int, int]]]]


def use_sessions(consumer: _Untyped) -> None:
    """Let a consumer that was not started yet fetch in sessions, one with each broker."""
    consumer._client.send = _Sessions(consumer._client.send).send


@dataclass(slots=True)
class _Session:
    """What one broker remembers.

    Each fetch has the epoch after the last one that was answered. If the broker has lost the
    session, or heard a fetch whose answer was lost, it refuses the next one: that begins another.
    """

    id: int = _NO_SESSION
    epoch: int = _FIRST_EPOCH
    offsets: dict[_Partition, int] = field(default_factory=dict[_Partition, int])

    def heard(self, response: _Untyped, offsets: dict[_Partition, int]) -> None:
        """Go on with the session, or begin anew if the response names none."""
        session_id: int = getattr(response, "session_id", _NO_SESSION)
        if session_id == _NO_SESSION:
            self.epoch, self.offsets = _FIRST_EPOCH, {}
        else:
            self.id, self.offsets = session_id, offsets
            self.epoch = self.epoch + 1 if self.epoch < _LAST_EPOCH else _FIRST_EPOCH + 1


class _Sessions:
    """Stands before the `send` of aiokafka's client, which has one fetch to a broker at a time."""

    def __init__(self, send: _Untyped) -> None:
        self._send = send
        self._of_broker: defaultdict[int, _Session] = defaultdict(_Session)

    async def send(self, node_id: int, request: _Untyped, **options: _Untyped) -> _Untyped:
        """Send any request; a fetch says only what is new, its response has only what is new."""
        if not isinstance(request, FetchRequest):
            return await self._send(node_id, request, **options)
        session = self._of_broker[node_id]
        offsets = {
            (topic, partition): offset
            for topic, partitions in request.topics
            for partition, offset, _ in partitions
        }
        fetch = _Fetch(request, session, offsets)
        response = await self._send(node_id, fetch, **options)
        session.heard(response, offsets)
        return response


class _Fetch:
    """A request of aiokafka's, with what is new in it for the session."""

    def __init__(
        self, request: FetchRequest, session: _Session, offsets: dict[_Partition, int]
    ) -> None:
        self._request = request
        self._session = session
        known = session.offsets
        self._changed = {one for one, offset in offsets.items() if known.get(one) != offset}
        self._forgotten = known.keys() - offsets.keys()

    def prepare(self, versions: dict[int, tuple[int, int]]) -> _Untyped:
        """Return what goes over the wire, as aiokafka asks for it."""
        request: _Untyped = copy(self._request)
        request._topics = self._changed_topics()
        wire = request.prepare(versions)
        if wire.API_VERSION >= _SINCE_VERSION:
            wire.session_id, wire.session_epoch = self._session.id, self._session.epoch
            wire.forgotten_topics_data = self._forgotten_topics()
        return wire

    def _changed_topics(self) -> _Topics:
        topics = (
            (topic, [one for one in partitions if (topic, one[0]) in self._changed])
            for topic, partitions in self._request.topics
        )
        return [(topic, partitions) for topic, partitions in topics if partitions]

    def _forgotten_topics(self) -> list[tuple[str, list[int]]]:
        topics: defaultdict[str, list[int]] = defaultdict(list)
        for topic, partition in self._forgotten:
            topics[topic].append(partition)
        return list(topics.items())
