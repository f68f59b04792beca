"""Writes what an API answers with into its OpenAPI document, each model once.

Ninja writes a model anew for each operation that names it, with every model below it: most of the time that a
document takes.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from ninja.constants import NOT_SET
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema

from treatments.api.openapi.references import COMPONENTS

if TYPE_CHECKING:
    from ninja import NinjaAPI
    from ninja.operation import Operation
    from pydantic.json_schema import JsonSchemaMode

ANSWERS: JsonSchemaMode = "serialization"


class SharedModels(OpenAPISchema):
    """Ninja's document, with the models of all answers written together."""

    def __init__(self, api: NinjaAPI, path_prefix: str) -> None:
        self.waiting: dict[bool, list[tuple[Any, dict[str, Any]]]] = {}
        super().__init__(api, path_prefix)

    def responses(self, operation: Operation) -> dict[int, Any]:
        """Leave the schemas of answers empty until all answers are known."""
        if operation.stream_format is not None:
            return super().responses(operation)
        without_models = copy(operation)
        without_models.response_models = dict.fromkeys(operation.response_models)
        written = super().responses(without_models)
        for status, model in operation.response_models.items():
            if status in written and model not in (None, NOT_SET):
                place: dict[str, Any] = {}
                written[status]["content"] = {
                    self.api.renderer.media_type: {"schema": place}
                }
                self.waiting.setdefault(operation.by_alias, []).append((model, place))
        return written

    def get_components(self) -> dict[str, Any]:
        """Return the components, after the answers are written."""
        for by_alias, answers in self.waiting.items():
            self.write_answers(by_alias, answers)
        return super().get_components()

    def write_answers(
        self, by_alias: bool, answers: list[tuple[Any, dict[str, Any]]]
    ) -> None:
        """Write models and what they refer to.

        Args:
            by_alias: Whether fields have the names of their aliases.
            answers: Each model, whose only field is what an operation answers with, and where to write it.
        """
        generator = NinjaGenerateJsonSchema(by_alias, REF_TEMPLATE)
        references, definitions = generator.generate_definitions(
            [(model, ANSWERS, model.__pydantic_core_schema__) for model, _ in answers]
        )
        names = set()
        for model, place in answers:
            name = references[model, ANSWERS]["$ref"].removeprefix(COMPONENTS)
            (answer,) = definitions[name]["properties"].values()
            place.update(answer)
            names.add(name)
        self.add_schema_definitions(
            {name: schema for name, schema in definitions.items() if name not in names}
        )


def build_document(api: NinjaAPI) -> OpenAPISchema:
    """Return what ninja says of an API."""
    return SharedModels(api, api.get_root_path({}))
