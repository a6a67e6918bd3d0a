"""Real Kafka and Postgres on a machine without Docker, and the services on top of them."""

from devstack.errors import StackError
from devstack.stack import Process, Stack

__all__ = ["Process", "Stack", "StackError"]
