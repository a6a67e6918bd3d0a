"""The consumer: FastStream and aiokafka, made to lose nothing."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import structlog
from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from messaging import failures
from messaging.batches import POLL_LIMIT, Batches, StoppingError
from messaging.decoding import RawRecord
from messaging.fetching import PatientConsumer, cancelled_by_us_alone
from messaging.metrics import LAG, PROGRESS

_log = structlog.get_logger(__name__)

_BATCH: Final = 500
_GRACE: Final = 20.0  # seconds for the batch in hand, when the process is to end
_ACKNOWLEDGEMENT: Final = 30.0
_BROKER_RETRY: Final = 1.0
_REQUEST_MS: Final = 20_000  # a rebalance answers after 10 s, a half-open connection never


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
        self.in_hand_since: float | None = None
        self.progress = time.monotonic()
        self._broker = KafkaBroker(
            bootstrap_servers,
            client_id=instance,
            consumer_only=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=30_000,
            request_timeout_ms=_REQUEST_MS,
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

    @property
    def polled(self) -> float:
        """When messages were looked for last, on the monotonic clock."""
        consumer: Any = self._subscriber.consumer
        return consumer.polled if consumer is not None else time.monotonic()

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
        self.in_hand_since = time.monotonic()
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
            self.in_hand_since = None

    def _note_progress(self, records: Sequence[RawRecord]) -> None:
        self.progress = time.monotonic()
        PROGRESS.set_to_current_time()
        consumer: Any = self._subscriber.consumer  # aiokafka has no types
        if consumer is None:
            return
        # What was given away while the batch was in hand is counted by its new owner.
        ours = consumer.assignment()
        last = {TopicPartition(one.topic, one.partition): one.offset for one in records}
        for partition, offset in last.items():
            if partition in ours and (end := consumer.highwater(partition)) is not None:
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
            with cancelled_by_us_alone():
                await consumer.commit(ends)
    except (KafkaError, TimeoutError) as error:
        _log.info("not acknowledged, the batch will come again", error=repr(error))


async def _keep(message: KafkaAckableMessage) -> KafkaAckableMessage:
    """Leave the decoding to us: FastStream's fails a whole batch for one bad body."""
    return message
