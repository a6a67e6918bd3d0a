"""An example of every body and every answer, for the OpenAPI document."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from gateway.api.examples.answers import ANSWERS, STRIPE_EVENT
from gateway.api.examples.forms import FORMS

EXAMPLES: Final[Mapping[type[BaseModel], dict[str, Any]]] = {**FORMS, **ANSWERS}

__all__ = ["ANSWERS", "EXAMPLES", "FORMS", "STRIPE_EVENT"]
