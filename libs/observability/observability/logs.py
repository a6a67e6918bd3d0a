"""Structured logs: readable on a console, one JSON object a line elsewhere."""

import logging
import sys
from typing import Literal, TypeAlias

import structlog
from structlog.typing import Processor

LogFormat: TypeAlias = Literal["console", "json"]

# Libraries that say more than their user wants to know.
_LEVELS = {
    "aiokafka": logging.ERROR,
    "faststream": logging.WARNING,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,
    "litestar": logging.WARNING,
    "uvicorn": logging.INFO,
    "uvicorn.access": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}


def setup(*, service: str, instance: str, log_format: LogFormat = "console") -> None:
    """Send all logs, the libraries' too, to standard output; every line names the instance."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _name_process(service, instance),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(log_format),
            ],
        )
    )
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    _quieten()


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Leave out aiokafka's every attempt to reach a broker; who needs the broker tells it once."""
    return record.exc_info is not None or not record.name.startswith("aiokafka")


def _name_process(service: str, instance: str) -> Processor:
    def name_process(
        _logger: object, _method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        event["service"] = service
        event["instance"] = instance
        return event

    return name_process


def _rendering(log_format: LogFormat) -> list[Processor]:
    if log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        _shorten,
        structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(),
            # Without the values of variables: they may be names, phones or secrets.
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]


def _shorten(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Leave out on a console what its reader knows."""
    for name in ("service", "logger"):
        event.pop(name, None)
    return event


def _quieten() -> None:
    for name, level in _LEVELS.items():
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(level)
