"""The newest messages of the topics, for people who watch them."""

from gateway.message_log.heard import Heard, Sought, shown_topics
from gateway.message_log.log import MessageLog, TooManyWatchersError, Watcher, opened

__all__ = [
    "Heard",
    "MessageLog",
    "Sought",
    "TooManyWatchersError",
    "Watcher",
    "opened",
    "shown_topics",
]
