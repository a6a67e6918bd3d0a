"""Where the documents are, and what is in them."""

import json
from pathlib import Path
from typing import Any, Final

import yaml

from contracts.conversation import Conversation
from contracts_docs.asyncapi import document_of
from contracts_docs.schemas import schemas_of

_LIBRARY: Final = Path(__file__).resolve().parents[1]
SCHEMAS: Final = _LIBRARY / "schemas"
EXAMPLES: Final = _LIBRARY / "examples"
ASYNCAPI: Final = _LIBRARY.parents[1] / "docs" / "asyncapi.yaml"


class _Dumper(yaml.SafeDumper):
    """Keeps paragraphs as they were written."""


def _text(_: _Dumper, text: str) -> yaml.Node:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)

_NOTICE: Final = "# Made by `make docs` from libs/contracts/contracts/topics.py: change that.\n"


def generated(conversation: Conversation) -> dict[Path, str]:
    """Return the text of every file that is made from the contracts."""
    files = {
        SCHEMAS / f"{name}.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas_of(conversation).items()
    }
    document = yaml.dump(
        document_of(conversation), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return files | {ASYNCAPI: _NOTICE + document}


def committed_schemas() -> dict[str, dict[str, Any]]:
    """Read the schemas that readers out there rely on, by the type's name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(SCHEMAS.glob("*.json"))}


def committed_document() -> dict[str, Any]:
    """Read the AsyncAPI document that readers out there rely on."""
    return yaml.safe_load(ASYNCAPI.read_text())


def examples() -> dict[str, Any]:
    """Read the bodies in `examples`, by file: `<type>.json`, or `<type>-<what is special>.json`."""
    return {path.name: json.loads(path.read_text()) for path in sorted(EXAMPLES.glob("*.json"))}


def type_of_example(name: str) -> str:
    """Return the type of message that the example in this file is one of."""
    return name.removesuffix(".json").partition("-")[0]
