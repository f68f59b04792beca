"""The types that schemas are written in: texts of a format, choices, and values that are only documented."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BaseModel, Field, create_model
from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import GetCoreSchemaHandler


class Documented:
    """Annotates a value that is passed on as it is, and documented as ``shape``.

    ``Annotated[Any, Documented(Article)]`` accepts everything; its JSON schema is that of ``Article``.
    With ``check``, a function from the value that was given to the one that is passed on, which
    raises ValueError, it accepts what the function accepts.
    """

    def __init__(self, shape: Any, check: Callable[[Any], Any] | None = None):
        self.shape = shape
        self.check = check

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return a schema that writes the value unchanged."""
        inner = handler.generate_schema(self.shape)
        options: dict[str, Any] = {
            "metadata": {
                "pydantic_js_functions": [lambda _schema, write: write(inner)]
            },
            # Holds the inner schema, whose components are collected from here.
            "serialization": core_schema.wrap_serializer_function_ser_schema(
                function=lambda value, _write: value, schema=inner
            ),
        }
        if self.check is None:
            return core_schema.any_schema(**options)
        return core_schema.no_info_plain_validator_function(self.check, **options)


def build_model(
    name: str, fields: dict[str, Any], description: str = ""
) -> type[BaseModel]:
    """Return a model of ``{name: (type, FieldInfo)}``; names that pydantic has itself are fine."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Field name .* shadows", UserWarning)
        return create_model(
            name, __base__=BaseModel, __doc__=description or None, **fields
        )


def choice_of(codes: Iterable[str]) -> Any:
    """Return the type of one of some codes."""
    return Literal.__getitem__(tuple(codes))


def list_of(item: Any) -> Any:
    """Return the type of a list."""
    return list.__class_getitem__(item)


def one_of(members: Iterable[Any], discriminator: str | None = None) -> Any:
    """Return the union of some types, told apart by a field where one is named."""
    members = tuple(members)
    union = Union.__getitem__(members)
    if discriminator is None or len(members) == 1:
        return union
    return Annotated[union, Field(discriminator=discriminator)]  # ty: ignore[invalid-type-form]


def optional(shape: Any) -> Any:
    """Return a type or null."""
    return one_of((shape, None))


Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Uri = Annotated[str, Field(json_schema_extra={"format": "uri"})]
#: An address, or the empty text where there is none.
OptionalUri = Annotated[
    str,
    Field(
        json_schema_extra={
            "anyOf": [{"type": "string", "format": "uri"}, {"const": ""}]
        }
    ),
]
#: An address of a file: a path where files come from the same host.
UriReference = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})]
Path = Annotated[str, Field(description="A path below the site, with the language.")]
Html = Annotated[str, Field(json_schema_extra={"format": "html"})]
IsoDate = Annotated[str, Field(json_schema_extra={"format": "date"})]
IsoTime = Annotated[str, Field(json_schema_extra={"format": "time"})]
IsoDateTime = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
LanguageCode = Annotated[str, Field(description="BCP 47, for example: en, es, pt-br.")]
