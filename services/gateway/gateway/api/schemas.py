"""The JSON schemas of all bodies and answers, as the models themselves have them."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?$"


class _Schemas(GenerateJsonSchema):
    def time_schema(self, schema: core_schema.TimeSchema) -> JsonSchemaValue:
        """Return the schema of local times; those of the format `time` have an offset."""
        del schema
        return {"type": "string", "pattern": _TIME}

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Leave titles out that only say the name of the field again."""
        del schema
        return False


def schemas_of(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """Return the schemas of the models, and of all models in them, by their names."""
    _, schema = models_json_schema(
        [(model, "validation") for model in models],
        ref_template="#/components/schemas/{model}",
        schema_generator=_Schemas,
    )
    return schema["$defs"]
