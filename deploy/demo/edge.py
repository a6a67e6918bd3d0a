"""The public HTTP edge, as any caller sees it: one method per verb, JSON in and out."""

from http import HTTPStatus
from typing import Any, Self
from uuid import uuid4

import httpx

Json = dict[str, Any]


class RefusedError(Exception):
    """The edge answered with a problem document (RFC 9457)."""

    def __init__(self, problem: Json) -> None:
        super().__init__(f"{problem.get('title')}: {problem.get('detail')}")
        self.problem = problem


class Edge:
    """Calls the gateway at `url` with one API key."""

    def __init__(self, url: str, api_key: str) -> None:
        self.url = url
        self._http = httpx.Client(
            base_url=f"{url}/v1", headers={"Authorization": f"Bearer {api_key}"}, timeout=30
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **query: str) -> Json:
        """Ask; raises RefusedError."""
        return _answer(self._http.get(path, params=query))

    def find(self, path: str) -> Json | None:
        """Ask for what may not be there, or not yet; raises RefusedError for other reasons."""
        try:
            return self.get(path)
        except RefusedError as refused:
            if refused.problem["status"] != HTTPStatus.NOT_FOUND:
                raise
            return None

    def post(self, path: str, body: Json | None = None, *, idempotency_key: str = "") -> Json:
        """Have something done, and wait until it is; raises RefusedError.

        A request that is repeated with its idempotency key has one effect and one answer.
        """
        return self._change("POST", path, body, idempotency_key)

    def put(self, path: str, body: Json, *, idempotency_key: str = "") -> Json:
        """Have something replaced, like `post`."""
        return self._change("PUT", path, body, idempotency_key)

    def delete(self, path: str, *, idempotency_key: str = "") -> Json:
        """Have something removed; return what is left."""
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())}
        return _answer(self._http.delete(path, headers=headers))

    def _change(self, method: str, path: str, body: Json | None, idempotency_key: str) -> Json:
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())}
        return _answer(self._http.request(method, path, json=body or {}, headers=headers))


def _answer(response: httpx.Response) -> Json:
    answer: Json = response.json()
    if response.is_error:
        raise RefusedError(answer)
    return answer
