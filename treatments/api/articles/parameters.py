"""The query parameters of the article endpoints, typed and described for the OpenAPI document."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.dateparse import parse_date, parse_datetime
from ninja import Schema
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    create_model,
)
from pydantic_core import core_schema

from treatments.api.articles.schemas import FACETS, get_card_shapes
from treatments.api.http.parameters import DEFAULT_LIMIT, MAX_OFFSET
from treatments.api.openapi.query_schemas import check_digits
from treatments.conf import get_conf
from treatments.content.article_fields import get_document_shapes
from treatments.content.formats import RichTextFormat
from treatments.content.lookups import get_article_models
from treatments.models import TreatmentArticleMixin
from treatments.ports.states import ReviewStatus, TranslationStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import GetCoreSchemaHandler

MAX_LIMIT = 100
DAY = r"\d{4}-\d{2}-\d{2}"
#: The years between which every database can compare times in every time zone.
FIRST_YEAR, LAST_YEAR = 2, 9998
#: No bulk read asks for more at once.
MAX_IDS = 100
#: Half a character, which no database takes.
SURROGATE = re.compile("[\ud800-\udfff]")
SLUG = r"^[A-Za-z0-9_-]{1,120}$"
ORDERS = ("title", "published_at", "first_published_at", "last_reviewed")
ALL_ORDERS = (*ORDERS, *(f"-{order}" for order in ORDERS), "relevance")


class CommaSeparated:
    """Annotates a list in one parameter: ``?kind=procedure,treatment``. The value is a tuple.

    Args:
        codes: Returns the values that are allowed; all are when it is missing. Asked for each request
            and for the document, so that a setting can decide.
        schema: The JSON schema of one value, when it is no code.
        check: From the text of one value to what is passed on; raises ValueError.
        most: How many values there can be.
    """

    def __init__(
        self,
        codes: Callable[[], Iterable[str]] | None = None,
        *,
        schema: dict[str, Any] | None = None,
        check: Callable[[str], Any] = str,
        most: int = 50,
    ):
        self.codes = codes
        self.schema = schema
        self.check = check
        self.most = most

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return a schema that splits and checks a text."""
        return core_schema.no_info_after_validator_function(
            self.split,
            core_schema.str_schema(),
            metadata={
                "pydantic_js_functions": [lambda _schema, _write: self.get_shape()]
            },
        )

    def get_shape(self) -> dict[str, Any]:
        """Return the JSON schema; the marker becomes ``explode: false`` in the document."""
        item = self.schema or ({"enum": list(self.codes())} if self.codes else {})
        return {
            "type": "array",
            "items": {"type": "string", **item},
            "minItems": 1,
            "maxItems": self.most,
            "x-comma-separated": True,
        }

    def split(self, text: str) -> tuple[Any, ...]:
        """Return the values of a text.

        Raises:
            ValueError: a value is empty or not known, or there are too many.
        """
        values = [value.strip() for value in text.split(",")]
        if not all(values):
            raise ValueError("a value is empty: separate the values by one comma")
        if len(values) > self.most:
            raise ValueError(f"there can be {self.most} values at most")
        if self.codes is not None:
            known = tuple(self.codes())
            for value in values:
                if value not in known:
                    raise ValueError(
                        f"{value[:40]!r} is not known; known are: {', '.join(known)}"
                    )
        return tuple(dict.fromkeys(self.check(value) for value in values))


def comma_separated(*args: Any, **kwargs: Any) -> Any:
    """Return the type of a list in one parameter; the arguments are those of ``CommaSeparated``."""
    return Annotated[str, CommaSeparated(*args, **kwargs)]


def read_moment(text: str) -> datetime:
    """Return a date or a date and time as a moment; a date is its first instant in UTC."""
    if re.fullmatch(DAY, text):
        return datetime.combine(read_day(text), time.min, tzinfo=UTC)
    try:
        # An unescaped plus arrives as a space.
        moment = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("must be a date (2026-05-01) or a date and time (ISO 8601)")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_day(text: str) -> date:
    """Return a date."""
    try:
        day = parse_date(text) if re.fullmatch(DAY, text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("must be a date, for example 2026-05-01")
    return day


def read_slug(text: str) -> str:
    """Return a slug."""
    if not re.match(SLUG, text):
        raise ValueError(f"{text[:40]!r} is no slug")
    return text


def read_id(text: str) -> int:
    """Return the id of a page."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise ValueError(f"{text[:20]!r} is no id")
    return int(text)


def encode_cursor(order: str, position: list[Any]) -> str:
    """Return an opaque cursor: the order, and where the next page starts."""
    text = json.dumps([order, *position], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(text: str) -> list[Any]:
    """Return ``[order, …position]`` of a cursor.

    Raises:
        ValueError: the cursor is not one of ours.
    """
    value: Any = None
    try:
        padded = text + "=" * (-len(text) % 4)
        value = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        pass
    match value:
        case [str(), int(last)] | [str(), str(), int(last)]:
            is_valid = not isinstance(last, bool) and 0 <= last < 2**63
        case _:
            is_valid = False
    if not is_valid or SURROGATE.search("".join(map(str, value))):
        raise ValueError("is not a cursor that this list has given")
    return value


def get_document_fields() -> tuple[str, ...]:
    """Return what ``?fields=`` can name of an article: the fields of every article type."""
    names: dict[str, None] = {}
    for model in get_article_models():
        names |= dict.fromkeys(get_document_shapes(model))
    return tuple(names)


def get_list_fields() -> tuple[str, ...]:
    """Return what ``?fields=`` can name in a list: the fields of cards, and those of articles."""
    return tuple(dict.fromkeys((*get_card_shapes(), *get_document_fields())))


def read_order(text: str) -> str:
    """Return an order that lists have."""
    if text not in ALL_ORDERS:
        raise ValueError(
            f"{text[:40]!r} is not known; known are: {', '.join(ALL_ORDERS)}"
        )
    return text


Moment = Annotated[
    str,
    AfterValidator(read_moment),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ],
        }
    ),
]
Day = Annotated[
    str,
    AfterValidator(read_day),
    WithJsonSchema({"type": "string", "format": "date"}),
]
Slugs = comma_separated(schema={"pattern": SLUG}, check=read_slug)


def describe(text: str, **options: Any) -> Any:
    """Return an optional parameter with its description."""
    return Field(default=None, description=text, **options)


def get_rendition_names() -> tuple[str, ...]:
    """Return the names of the image renditions that the site offers."""
    return tuple(get_conf().image_renditions)


class ShapeParameters(Schema):
    """How an answer is shaped; the same for one article and for a list."""

    rich_text: RichTextFormat = Field(
        default=RichTextFormat.HTML,
        description="The format of rich text. `html` is empty for another one.",
    )


@cache
def get_shape_parameters() -> type[ShapeParameters]:
    """Return the parameters that shape an answer, with the names that this site has."""
    fields: dict[str, Any] = {
        "fields": (
            comma_separated(get_document_fields, most=100),
            describe("Only these fields; `id` and `type` are always given."),
        ),
        "renditions": (
            comma_separated(get_rendition_names),
            describe("Only these renditions of each image."),
        ),
    }
    return create_model("ShapeQuery", __base__=ShapeParameters, **fields)


#: A time or a day, by ISO 8601.
Instant = Annotated[
    str,
    Field(json_schema_extra={"anyOf": [{"format": "date-time"}, {"format": "date"}]}),
]


@cache
def get_detail_parameters() -> type[ShapeParameters]:
    """Return the parameters of one article."""
    as_of = describe(
        "What the public got at an instant of the past (ISO 8601); of a day, at its end. "
        "`Public-From` and `Public-Until` say from when to when."
    )
    return create_model(
        "ArticleQuery", __base__=get_shape_parameters(), as_of=(Instant, as_of)
    )


@cache
def get_list_parameters() -> type[ShapeParameters]:
    """Return the parameters of the list."""
    article = TreatmentArticleMixin
    fields: dict[str, Any] = {
        "fields": (
            comma_separated(get_list_fields, most=100),
            describe("Only these fields; `id` and `type` are always given."),
        ),
        "locale": (str, describe("Language code. Without it: all languages.")),
        "kind": (comma_separated(lambda: article.Kind.values), describe("Kinds.")),
        "audience": (
            comma_separated(lambda: article.Audience.values),
            describe("Who the article is written for."),
        ),
        "intent": (
            comma_separated(lambda: article.Intent.values),
            describe("What the treatment is meant to achieve."),
        ),
        "condition": (
            Slugs,
            describe("Slugs of conditions, the same in each language."),
        ),
        "treatment": (
            Slugs,
            describe("Slugs of treatments, the same in each language."),
        ),
        "review_state": (
            comma_separated(lambda: [status.value for status in ReviewStatus]),
            describe("Where the article stands between two reviews."),
        ),
        "translation_status": (
            comma_separated(lambda: [status.value for status in TranslationStatus]),
            describe("How the language version stands to its source."),
        ),
        "reviewed_since": (Day, describe("Last reviewed on this day or later.")),
        "reviewed_before": (Day, describe("Last reviewed before this day.")),
        "published_since": (Moment, describe("Last published at this time or later.")),
        "published_before": (Moment, describe("Last published before this time.")),
        "has_criteria": (bool, describe("Whether the body has a criteria list.")),
        "has_steps": (bool, describe("Whether the body has procedure steps.")),
        "ids": (
            comma_separated(
                schema={"pattern": "^[0-9]{1,18}$"}, check=read_id, most=MAX_IDS
            ),
            describe("Only these articles; what is not public is left out."),
        ),
        "search": (
            str,
            describe(
                "Words, searched in the language of each article.", max_length=200
            ),
        ),
        "facets": (
            comma_separated(lambda: FACETS),
            describe("Count the articles by these facets."),
        ),
        "order": (
            Annotated[
                str,
                AfterValidator(read_order),
                WithJsonSchema({"type": "string", "enum": list(ALL_ORDERS)}),
            ],
            describe("`relevance` with `search` only, where it is the default."),
        ),
        "limit": (
            Annotated[int, BeforeValidator(check_digits)],
            Field(default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="Entries."),
        ),
        "offset": (
            Annotated[int, BeforeValidator(check_digits)],
            Field(
                default=0,
                ge=0,
                le=MAX_OFFSET,
                description="How many to leave out first.",
            ),
        ),
        "cursor": (
            Annotated[
                str,
                AfterValidator(decode_cursor),
                WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}),
            ],
            describe("`next_cursor` of the list before, instead of `offset`."),
        ),
    }
    return create_model("ArticleListQuery", __base__=get_shape_parameters(), **fields)
