"""Keys go where every other client of Kafka looks for them."""

from typing import Any

from aiokafka import partitioner
from hypothesis import given
from hypothesis import strategies as st

from messaging.partitioning import murmur2

_aiokafka: Any = partitioner  # it has no types


@given(st.binary(max_size=80))
def test_a_key_has_the_hash_of_kafkas_own_clients(key: bytes) -> None:
    assert murmur2(key) == _aiokafka.murmur2(key)
