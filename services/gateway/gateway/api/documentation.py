"""The OpenAPI document, the page to read it with, and a page for each problem type."""

import gzip
import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

from litestar import MediaType, Request, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import FromPath
from litestar.response import Redirect
from pydantic_core import to_jsonable_python

from contracts.problems import CATALOGUE
from contracts.reply import Problem
from gateway.access import ROLES
from gateway.api.examples import EXAMPLES, STRIPE_EVENT
from gateway.api.schemas import schemas_of
from gateway.api.webhooks import hear_stripe
from web.identity import Role
from web.problems import MEDIA_TYPE, not_found

_STATIC: Final = files("gateway") / "static"
_RAPIDOC: Final = "/static/rapidoc/rapidoc-min.js"
# Nothing is loaded from elsewhere, and nobody shows these pages in a frame.
_POLICY: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        " connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_KEY: Final[dict[str, list[str]]] = {"api_key": []}
_TOKEN: Final[dict[str, list[str]]] = {"client_token": []}
_BY_NAME: Final = {kind.__name__: example for kind, example in EXAMPLES.items()}
_ABOUT: Final = """
Book only with a membership, take the session at the moment the appointment begins, and let
several people share one membership.

**Keys.** Every request carries an API key: `Authorization: Bearer pk_…`. A client who has typed
the code that was sent to a phone gets a token that is used in the same way, `Bearer ct_…`: for the
client's own bookings, and for what the widget may see.

**Changes.** Every request that changes something carries an `Idempotency-Key` of your own (keys,
codes and forecasts apart): the same request under the same key has one effect and one answer. The
answer means that it is done. When that takes long, it is 202 with the `Location` of the operation.

**Refusals** are problem documents (RFC 9457), all in one form; `type` leads to an explanation, and
[here they are all](/problems).
"""


def openapi() -> OpenAPIConfig:
    """Return how the document is made of the routes."""
    return OpenAPIConfig(
        title="Punchcard",
        version="1",
        description=_ABOUT.strip(),
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, _method, _path: handler.handler_name,
        components=Components(
            security_schemes={
                "api_key": SecurityScheme(
                    type="http", scheme="bearer", description="An API key: `pk_<role>_…`."
                ),
                "client_token": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="The token of a client with a confirmed phone: `ct_…`.",
                ),
            }
        ),
        path="/docs/openapi",
        render_plugins=[JsonRenderPlugin()],
    )


@get("/v1/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the OpenAPI document."""
    return Response(_document(request.app), media_type=MediaType.JSON)


@get("/", include_in_schema=False, sync_to_thread=False)
def go_to_documentation() -> Redirect:
    """Lead a person who comes to the root to the documentation."""
    return Redirect("/docs")


@get("/docs", media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=False)
def read_documentation() -> Response[bytes]:
    """Return the page that shows the OpenAPI document."""
    return Response(_file("docs.html"), headers=_POLICY)


@get(_RAPIDOC, media_type="text/javascript", include_in_schema=False, sync_to_thread=False)
def rapidoc() -> Response[bytes]:
    """Return the script of that page; every client of the last decades takes gzip."""
    headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=86400"}
    return Response(_compressed("rapidoc/rapidoc-min.js"), headers=headers)


@get("/problems", media_type=MediaType.HTML, include_in_schema=False, sync_to_thread=False)
def list_problems() -> Response[str]:
    """List all problem types."""
    rows = "\n".join(
        f'<dt>{kind.status} <a href="{kind.uri}">{escape(kind.title)}</a></dt>'
        f"<dd>{escape(kind.meaning)}</dd>"
        for kind in sorted(CATALOGUE.values(), key=lambda kind: (kind.status, kind.name))
    )
    return Response(_file("problems.html").decode().format(rows=rows), headers=_POLICY)


@get("/problems/{name:str}", media_type=MediaType.HTML, include_in_schema=False)
async def explain_problem(name: FromPath[str]) -> Response[str]:
    """Explain a problem type."""
    kind = CATALOGUE.get(name)
    if kind is None:
        raise not_found(f"problem type {name}")
    page = (
        _file("problem.html")
        .decode()
        .format(
            title=escape(kind.title),
            meaning=escape(kind.meaning),
            uri=escape(kind.uri),
            status=kind.status,
        )
    )
    return Response(page, headers=_POLICY)


PAGES: Final = (
    openapi_document,
    go_to_documentation,
    read_documentation,
    rapidoc,
    list_problems,
    explain_problem,
)


@cache
def _document(app: Any) -> bytes:
    document: dict[str, Any] = app.openapi_schema.to_schema()
    # The framework's own schemas know less than the models do.
    schemas = document["components"]["schemas"] = schemas_of([*EXAMPLES, Problem])
    for kind, example in EXAMPLES.items():
        schemas[kind.__name__]["examples"] = [example]
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete(operation)
    # The defaults of fields are values as they are in Python.
    return json.dumps(document, ensure_ascii=False, default=to_jsonable_python).encode()


def _complete(operation: dict[str, Any]) -> None:
    """Say what the routes cannot: a name, who may call, and examples."""
    name, responses = operation["operationId"], operation["responses"]
    if MEDIA_TYPE not in responses.get("400", {}).get("content", {MEDIA_TYPE: None}):
        # The framework's own, where a path has parameters: a wrong one is 404 here.
        del responses["400"]
    operation["summary"] = name.replace("_", " ").capitalize()
    if name == hear_stripe.handler_name:
        content = {"schema": {"type": "object"}, "example": STRIPE_EVENT}
        operation["requestBody"] = {"content": {"application/json": content}, "required": True}
        operation["security"] = []
    else:
        keys = [_KEY] if ROLES[name] != frozenset({Role.CLIENT}) else []
        operation["security"] = keys + ([_TOKEN] if Role.CLIENT in ROLES[name] else [])
    bodies = [operation.get("requestBody", {}), *responses.values()]
    for content in (content for body in bodies for content in body.get("content", {}).values()):
        _exemplify(content)


def _exemplify(content: dict[str, Any]) -> None:
    example = _BY_NAME.get(content["schema"].get("$ref", "").rpartition("/")[2])
    if example is not None:
        content["example"] = example
    for each in content.get("examples", {}).values():
        each.pop("id", None)  # a name for the framework, which the standard does not know


@cache
def _file(path: str) -> bytes:
    return (_STATIC / path).read_bytes()


@cache
def _compressed(path: str) -> bytes:
    return gzip.compress(_file(path))
