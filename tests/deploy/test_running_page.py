"""docs/running.md lists every setting of every service, and names what exists."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from pydantic import SecretStr, TypeAdapter

from deployment import ROOT, SERVICES, compose, settings_of

PAGE: Final = (ROOT / "docs" / "running.md").read_text()
ROW: Final = re.compile(r"^\| `([A-Z_]+)` \| ([a-z, ]+) \| (\S.*?) \|", re.MULTILINE)


def _documented(page: str) -> dict[tuple[str, str], str]:
    """Read the table of settings: service and variable → what holds unless it is given."""
    rows: list[tuple[str, str, str]] = ROW.findall(page)
    return {
        (service, variable): default.strip("`")
        for variable, of, default in rows
        for service in (SERVICES if of == "all" else of.split(", "))
    }


def _existing() -> Iterator[tuple[tuple[str, str], str]]:
    for service in SERVICES:
        for name, field in settings_of(service).model_fields.items():
            default = "required" if field.is_required() else _written(field.default)
            yield (service, name.upper()), default


def _written(default: Any) -> str:
    match default:
        case None | "" | SecretStr():
            return "none"
        case bool():
            return str(default).lower()
        case timedelta():
            return str(TypeAdapter(timedelta).dump_python(default, mode="json"))
        case _:
            return str(default)


def test_the_table_of_settings_is_what_the_services_read() -> None:
    assert _documented(PAGE) == dict(_existing())


def test_a_row_that_is_wrong_is_seen() -> None:
    row = "| `HTTP_HOST` | booking, sales | `127.0.0.1` | the address |"
    assert _documented(row) == {
        ("booking", "HTTP_HOST"): "127.0.0.1",
        ("sales", "HTTP_HOST"): "127.0.0.1",
    }


@pytest.mark.parametrize("metric", re.findall(r"^\| `([a-z_]+)(?:\{.*\})?` \|", PAGE, re.MULTILINE))
def test_the_metrics_to_watch_exist(metric: str) -> None:
    code = "".join(file.read_text() for file in ROOT.glob("[ls]*/*/*/**/*.py"))
    assert f'"{metric.removesuffix("_total")}"' in code


def test_the_port_of_the_page_is_the_port_of_the_gateway() -> None:
    assert compose()["gateway"]["ports"] == ["127.0.0.1:${GATEWAY_PORT:-8080}:8080"]
    assert "http://127.0.0.1:8080" in PAGE
