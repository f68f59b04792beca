"""What a draft lacks before it may be published: what the editor's form asks for when it publishes.

A draft may be incomplete, and most paths publish what is stored without looking at a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME

from treatments.content.block_mistakes import iterate_mistakes
from treatments.ports.publication import (
    PublicationRefusedError,
    register_publication_check,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model

    Mistake = dict[str, Any]


class IncompleteDraftError(PublicationRefusedError):
    """A draft is not complete, or not valid.

    Attributes:
        mistakes: Each with ``pointer``, ``labels``, ``type`` and ``msg``.
    """

    problem_slug = "validation-failed"

    def __init__(self, mistakes: Iterable[Mistake]):
        self.mistakes = list(mistakes)
        super().__init__(
            _("This article is not complete. %(places)s")
            % {"places": " ".join(self.describe())}
        )

    def describe(self) -> list[str]:
        """Return each place with what is wrong there."""
        return [describe_mistake(each) for each in self.mistakes]


def connect() -> None:
    """Look at each draft before it is published."""
    register_publication_check(check_complete)


def check_complete(page: Any) -> None:
    """Refuse an article that the editor's form would not publish.

    An alias is not looked at: it shows what its source shows.

    Raises:
        IncompleteDraftError: naming each mistake.
    """
    if page.alias_of_id is not None:
        return
    mistakes = list(find_mistakes(page))
    if mistakes:
        raise IncompleteDraftError(mistakes)


def describe_mistake(mistake: Mistake) -> str:
    """Return a place and what is wrong there, such as ``Body › Section › Heading: This field is required.``."""
    place = " › ".join(mistake["labels"])
    return f"{place}: {mistake['msg']}" if place else mistake["msg"]


def find_mistakes(instance: Model) -> Iterator[Mistake]:
    """Yield what an editor's form would refuse in an instance: in its fields, its streams and its rows."""
    yield from find_model_mistakes(instance)
    for field in instance._meta.get_fields():
        if isinstance(field, StreamField):
            value = getattr(instance, field.name)
            try:
                field.stream_block.clean(value)
            except ValidationError as error:
                label = name_field(type(instance), field.name)
                yield from iterate_mistakes(
                    field.stream_block, value, error, f"/{field.name}", label
                )
    for relation in get_all_child_relations(type(instance)):
        name = relation.get_accessor_name()
        if name == COMMENTS_RELATION_NAME:
            continue
        for index, row in enumerate(getattr(instance, name).all()):
            label = (capfirst(str(row._meta.verbose_name)),)
            yield from find_row_mistakes(row, relation, f"/{name}/{index}", label)


def find_model_mistakes(instance: Any) -> Iterator[Mistake]:
    """Yield what the model's own validation refuses."""
    try:
        instance.full_clean()
    except ValidationError as error:
        yield from list_field_mistakes(type(instance), error)


def find_row_mistakes(
    row: Any, relation: Any, pointer: str, labels: tuple[str, ...]
) -> Iterator[Mistake]:
    """Yield what the fields of a child row refuse."""
    try:
        # What the row belongs to is known, and need not be saved yet.
        row.clean_fields(exclude={relation.field.name, row._meta.pk.name})
    except ValidationError as error:
        for each in list_field_mistakes(type(row), error):
            place = (*labels, *each["labels"])
            yield {**each, "pointer": pointer + each["pointer"], "labels": place}


def list_field_mistakes(model: type[Model], error: ValidationError) -> list[Mistake]:
    """Return the mistakes of a model's fields."""
    return [
        {
            "pointer": "" if name == NON_FIELD_ERRORS else f"/{name}",
            "labels": name_field(model, name),
            "type": single.code or "invalid",
            "msg": str(message),
        }
        for name, singles in error.error_dict.items()
        for single in singles
        for message in single.messages
    ]


def name_field(model: type[Model], name: str) -> tuple[str, ...]:
    """Return what people call a field; nothing for what concerns several."""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return ()
    return (capfirst(str(field.verbose_name)),)
