"""The consumer: FastStream and aiokafka, made to lose nothing."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, cast

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from messaging import failures
from messaging.batches import POLL_LIMIT, Batches, StoppingError
from messaging.decoding import RawRecord
from messaging.metrics import LAG, PROGRESS

_log = structlog.get_logger(__name__)

_BATCH: Final = 500
_CROWD: Final = 8  # messages in a batch, from which on the next one waits for company
_COMPANY: Final = 0.005  # seconds
_GRACE: Final = 20.0  # seconds for the batch in hand, when the process is to end
_ACKNOWLEDGEMENT: Final = 30.0
_BROKER_RETRY: Final = 1.0


class PatientConsumer(AIOKafkaConsumer):
    """Waits until there is something: FastStream sleeps after every empty answer.

    Under load it waits a little more for company: a batch costs about the same whether it has five
    messages or fifty. A message that comes alone never waits.
    """

    _crowded = False

    async def getmany(  # noqa: D102 - as in aiokafka
        self, *partitions: Any, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[Any, Any]:
        fetch = cast("Any", super()).getmany  # aiokafka has no types
        records: dict[Any, list[Any]] = {}
        while not records:
            records = await fetch(*partitions, timeout_ms=timeout_ms, max_records=max_records)
        if self._crowded:
            await asyncio.sleep(_COMPANY)
            room = (max_records or _BATCH) - _count(records)
            if room > 0:
                for partition, more in (await fetch(*partitions, max_records=room)).items():
                    records.setdefault(partition, []).extend(more)
        self._crowded = _count(records) >= _CROWD
        return records


def _count(records: dict[Any, list[Any]]) -> int:
    return sum(map(len, records.values()))


class Consumer:
    """The membership of one process in its service's consumer group.

    FastStream swallows what a handler raises, and its parsers drop what they cannot read: so the
    parser is our own and reads nothing, the handler never raises, and nothing is acknowledged but
    by the handler's last line.
    """

    def __init__(
        self,
        *,
        bootstrap_servers: str,
        group: str,
        instance: str,
        topics: Sequence[str],
        batches: Batches,
    ) -> None:
        self._batches = batches
        self._group = group
        self.membership = Membership()
        self.in_hand = False
        self.progress = time.monotonic()
        self._broker = KafkaBroker(
            bootstrap_servers,
            client_id=instance,
            consumer_only=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=30_000,
            graceful_timeout=_GRACE,
            logger=None,
            apply_types=False,
        )
        self._subscriber = self._broker.subscriber(
            *topics,
            batch=True,
            group_id=group,
            group_instance_id=instance,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            fetch_min_bytes=1,
            max_records=_BATCH,
            batch_timeout_ms=1_000,
            max_poll_interval_ms=int(POLL_LIMIT * 1_000),
            listener=self.membership,
            parser=self._wrap,
            decoder=_keep,
        )
        self._subscriber(self._on_batch)

    async def start(self) -> None:
        """Ask to join the group, again and again until there is a broker."""
        while True:
            try:
                return await self._start()
            except (KafkaError, OSError) as error:
                _log.warning("the broker cannot be reached", error=repr(error))
                await self._broker.stop()
                await asyncio.sleep(_BROKER_RETRY)

    async def _start(self) -> None:
        await self._broker.connect()
        config = self._broker.config.broker_config
        options = config.builder
        assert isinstance(options, partial)
        config.builder = partial(PatientConsumer, **options.keywords)
        await self._broker.start()

    async def stop(self) -> None:
        """Finish the batch in hand, acknowledge it, and leave."""
        self._batches.stopping.set()
        await self._broker.stop()

    async def _wrap(self, records: tuple[RawRecord, ...]) -> KafkaAckableMessage:
        consumer = self._subscriber.consumer
        assert consumer is not None
        return KafkaAckableMessage(raw_message=records, body=b"", consumer=consumer)

    async def _on_batch(self, message: KafkaAckableMessage) -> None:
        records: Any = message.raw_message
        self.in_hand = True
        try:
            await self._batches.settle(records)
            self._batches.checkpoint("before_acknowledge")
            await _acknowledge(message.consumer, records)
            self._note_progress(records)
        except StoppingError:
            _log.info("stopping with a batch that will come again")
        except Exception:  # noqa: BLE001 - FastStream would swallow it, and the batch
            _log.exception("a batch could not even be set aside")
            failures.leave("a batch could not be set aside")
        finally:
            self.in_hand = False

    def _note_progress(self, records: Sequence[RawRecord]) -> None:
        self.progress = time.monotonic()
        PROGRESS.set_to_current_time()
        consumer: Any = self._subscriber.consumer  # aiokafka has no types
        last = {TopicPartition(one.topic, one.partition): one.offset for one in records}
        for partition, offset in last.items():
            if consumer is not None and (end := consumer.highwater(partition)) is not None:
                lag = LAG.labels(self._group, partition.topic, partition.partition)
                lag.set(end - offset - 1)


class Membership(ConsumerRebalanceListener):
    """Whether this process is a member of its group, with however many partitions."""

    def __init__(self) -> None:
        self.joined = False
        self.partitions: frozenset[TopicPartition] = frozenset()

    def on_partitions_revoked(self, revoked: Any) -> None:  # noqa: ARG002 - aiokafka's name
        """Called when a rebalance begins."""
        self.joined = False

    def on_partitions_assigned(self, assigned: Any) -> None:
        """Called when a rebalance ends, even with no partition."""
        self.joined = True
        self.partitions = frozenset(assigned)
        LAG.clear()  # what was given away is counted by its new owner


async def _acknowledge(consumer: Any, records: Sequence[RawRecord]) -> None:
    """Commit where the batch ends, and no more: `ack()` would commit every assigned partition.

    After a rebalance the broker refuses; then the batch comes again, and the inbox knows it.
    """
    ends = {TopicPartition(one.topic, one.partition): one.offset + 1 for one in records}
    try:
        async with asyncio.timeout(_ACKNOWLEDGEMENT):
            await consumer.commit(ends)
    except (KafkaError, TimeoutError) as error:
        _log.info("not acknowledged, the batch will come again", error=repr(error))


async def _keep(message: KafkaAckableMessage) -> KafkaAckableMessage:
    """Leave the decoding to us: FastStream's fails a whole batch for one bad body."""
    return message
