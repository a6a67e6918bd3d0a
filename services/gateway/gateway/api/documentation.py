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
from gateway.api.examples import EXAMPLES
from web.problems import not_found

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
_ABOUT: Final = """
Book only with a membership, take the session at the moment the appointment begins, and let
several people share one membership.

**Keys.** Every request carries an API key: `Authorization: Bearer pk_…`.

**Changes.** Every POST and PUT carries an `Idempotency-Key` of your own (issuing keys apart): the
same request under the same key has one effect and one answer. The answer means that it is done.
When that takes long, it is 202 with the `Location` of the operation.

**Refusals** are problem documents (RFC 9457), all in one form; `type` leads to an explanation.
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
                )
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
    explain_problem,
)


@cache
def _document(app: Any) -> bytes:
    document: dict[str, Any] = app.openapi_schema.to_schema()
    schemas = document["components"]["schemas"]
    for form, example in EXAMPLES.items():
        schemas[form.__name__]["examples"] = [example]
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
    # The defaults of fields are values as they are in Python.
    return json.dumps(document, ensure_ascii=False, default=to_jsonable_python).encode()


@cache
def _file(path: str) -> bytes:
    return (_STATIC / path).read_bytes()


@cache
def _compressed(path: str) -> bytes:
    return gzip.compress(_file(path))
