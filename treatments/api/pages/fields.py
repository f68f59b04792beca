"""DRF fields that read a page's representation, for Wagtail's ``APIField(serializer=…)``.

Based on DRF's own ``Field``: Wagtail's v2 serializers cannot be imported while apps are loading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.fields import Field

from treatments.content.representation import represent_page, represent_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wagtail.models import Page

CONTEXT_KEY = "treatments_representations"


class Representations:
    """The representations of one answer, built together when the first is read."""

    def __init__(
        self,
        get_instances: Callable[[], Iterable[Any]],
        represent: Callable[
            [Iterable[Any]], dict[int, dict[str, Any]]
        ] = represent_pages,
    ):
        self.get_instances = get_instances
        self.represent = represent
        self._answers: dict[int, dict[str, Any]] | None = None

    def get(self, instance: Any) -> dict[str, Any]:
        """Return the representation of a page or snippet of the answer."""
        if self._answers is None:
            self._answers = self.represent(self.get_instances())
        if instance.pk not in self._answers:
            self._answers.update(self.represent([instance]))
        return self._answers[instance.pk]


def get_own_representation(page: Page) -> dict[str, Any]:
    """Return the representation of a page, built once for this instance.

    v3 asks a serializer for one field after another and gives it no context.
    """
    cached = page.__dict__.get("_treatments_representation")
    if cached is None:
        cached = page.__dict__["_treatments_representation"] = represent_page(page)
    return cached


class RepresentationField(Field):
    """One field of a page's representation."""

    def __init__(self, name: str, **kwargs):
        self.representation_name = name
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Page) -> Page:
        """Take the whole page."""
        return instance

    def to_representation(self, value: Page) -> Any:
        """Return the field from the answer's representations, or from the page's own."""
        representations = (
            self.context.get(CONTEXT_KEY) if self.parent is not None else None
        )
        answer = (
            representations.get(value)
            if representations
            else get_own_representation(value)
        )
        return answer.get(self.representation_name)
