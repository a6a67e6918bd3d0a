"""The public API, used from within: what a page may do is what its person may do over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar, cast

import httpx
from litestar import Litestar
from pydantic import BaseModel

from contracts.base import Value
from contracts.problems import SERVICE_UNAVAILABLE
from contracts.reply import Problem
from web.problems import MEDIA_TYPE, ProblemError

V = TypeVar("V", bound=BaseModel)
Noted = Callable[[str, str], AbstractAsyncContextManager[None]]
"""Notes that an action (a verb and a path) is tried, and what became of it."""

_STILL_UNDER_WAY = (
    "This takes longer than usual. It is noted and will be decided; look again in a moment."
)


def not_noted(_action: str, _subject: str) -> AbstractAsyncContextManager[None]:
    """Note nothing: what clients do for themselves is no matter of the back office."""
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Api:
    """The API as one caller has it: `token` is an API key, a client's token, or a page's own.

    `host` is the address of the browser, which limits are counted by.
    """

    app: Litestar
    token: str
    host: str
    noted: Noted = not_noted

    async def get(self, path: str, view: type[V], **query: object) -> V:
        """Return the answer to a question; raises `ProblemError` with its refusal."""
        asked = {name: _asked(value) for name, value in query.items() if value is not None}
        return _understood(await self._call("GET", path, asked=asked), view)

    async def post(
        self, path: str, form: Mapping[str, Any], view: type[V], *, key: str, action: str = ""
    ) -> V:
        """Have something done, once for each `key`; raises `ProblemError` when it is refused.

        `action` is how the audit list calls it, where the path's last word does not tell.
        """
        async with self.noted(action or _action_of("POST", path), path):
            return _understood(await self._call("POST", path, form=form, key=key), view)

    async def put(
        self, path: str, form: Mapping[str, Any], view: type[V], *, key: str, action: str = ""
    ) -> V:
        """Have something replaced, like `post`."""
        async with self.noted(action or _action_of("PUT", path), path):
            return _understood(await self._call("PUT", path, form=form, key=key), view)

    async def delete(self, path: str, view: type[V], *, key: str, action: str = "") -> V:
        """Have something removed, like `post`; the answer is what is left."""
        async with self.noted(action or _action_of("DELETE", path), path):
            return _understood(await self._call("DELETE", path, key=key), view)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        asked: Mapping[str, str | list[str]] | None = None,
        form: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        transport = httpx.ASGITransport(self.app, client=(self.host, 0))  # pyright: ignore[reportArgumentType] — the two libraries' ASGI types differ in name
        async with httpx.AsyncClient(
            transport=transport, base_url="http://within", trust_env=False
        ) as client:
            return await client.request(method, path, params=asked, json=form, headers=headers)


def _asked(value: object) -> str | list[str]:
    """Return a value as addresses have it; one of several has its name several times."""
    if isinstance(value, list | tuple):
        return [str(each) for each in cast("Sequence[object]", value)]
    return str(value)


def _action_of(method: str, path: str) -> str:
    """Return `POST …/memberships/<id>/freeze` as "freeze memberships"."""
    words = [word for word in path.removeprefix("/v1/").split("/") if not _is_id(word)]
    verb = {"POST": "add", "PUT": "change", "DELETE": "remove"}[method]
    ends_in_id = _is_id(path.rsplit("/", 1)[-1])
    if len(words) > 1 and not ends_in_id and method == "POST":
        return " ".join(reversed(words[-2:])).replace("-", " ")
    return f"{verb} {words[-1].replace('-', ' ')}"


def _is_id(word: str) -> bool:
    return len(word) == 36 and word.count("-") == 4


def _understood(answer: httpx.Response, view: type[V]) -> V:
    if answer.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
        raise ProblemError(Problem.model_validate_json(answer.content))
    if answer.status_code == HTTPStatus.ACCEPTED and not _expects_202(view):
        raise ProblemError(SERVICE_UNAVAILABLE.problem(_STILL_UNDER_WAY))
    return view.model_validate_json(answer.content or b"{}")


def _expects_202(view: type[BaseModel]) -> bool:
    # The one answer of a 202 that is no operation: a code is on its way.
    return "operation_id" not in view.model_fields and set(view.model_fields) == {"expires_at"}


class Nothing(Value):
    """An answer that nobody reads."""
