"""`python -m contracts_docs`: make the documents anew, unless that would break a reader."""

import sys

from contracts.topics import CONVERSATION
from contracts_docs.asyncapi import document_of
from contracts_docs.compatibility import ADVICE, schema_violations, topic_violations
from contracts_docs.files import ASYNCAPI, committed_document, committed_schemas, generated
from contracts_docs.schemas import schemas_of


def main() -> None:
    """Write what has changed; refuse what may not change."""
    violations = schema_violations(committed_schemas(), schemas_of(CONVERSATION))
    if ASYNCAPI.exists():
        violations += topic_violations(committed_document(), document_of(CONVERSATION))
    if violations:
        sys.exit("\n".join([*violations, ADVICE]))
    for path, text in generated(CONVERSATION).items():
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            sys.stdout.write(f"wrote {path.name}\n")


if __name__ == "__main__":
    main()
