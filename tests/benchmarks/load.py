"""A lean HTTP caller, so that measuring does not take the time that is to be measured."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """The status and body of one answer, and how long it took in milliseconds."""

    status: int
    body: Json
    ms: float


class Caller:
    """Calls the public edge with one API key over connections that are kept open."""

    def __init__(self, url: str, api_key: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        self._host, self._port = parts.hostname, parts.port
        self._api_key = api_key

    async def post_all(
        self,
        requests: Sequence[tuple[str, Json]],
        *,
        at_once: int,
        answered: Callable[[int], object] = lambda _: None,
    ) -> list[Answer]:
        """Post (path, body) pairs over `at_once` connections; return the answers in their order."""
        answers: list[Answer | None] = [None] * len(requests)
        waiting = iter(enumerate(requests))

        async def work() -> None:
            reader, writer = await asyncio.open_connection(self._host, self._port)
            for index, (path, body) in waiting:
                answers[index] = await self._post(reader, writer, path, body)
                answered(1)
            writer.close()

        await asyncio.gather(*(work() for _ in range(at_once)))
        return [answer for answer in answers if answer is not None]

    async def _post(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: Json
    ) -> Answer:
        payload = json.dumps(body).encode()
        head = (
            f"POST /v1{path} HTTP/1.1\r\nHost: {self._host}\r\n"
            f"Authorization: Bearer {self._api_key}\r\nIdempotency-Key: {uuid4()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
        )
        began = perf_counter()
        writer.write(head.encode() + payload)
        status, answer = await _answer(reader)
        return Answer(status, json.loads(answer), (perf_counter() - began) * 1000)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers["content-length"]))
    return int(head[0].split(" ")[1]), body


def created(answers: Sequence[Answer], name: str) -> list[str]:
    """Return the ids that the answers carry under `name`; every one must be a success."""
    failed = [answer for answer in answers if answer.status >= 300]
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(answers)} failed: {failed[0]}")
    return [str(answer.body[name]) for answer in answers]
