"""What the raw content of pages refers to: the ids that are loaded before anything is represented."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from snippets.models import GlossaryTerm, Reference

if TYPE_CHECKING:
    from django.db import models


@dataclass
class Needs:
    """The ids that raw content refers to. References and terms keep their order, page by page."""

    page_ids: set[int] = field(default_factory=set)
    image_ids: set[int] = field(default_factory=set)
    document_ids: set[int] = field(default_factory=set)
    object_ids: dict[type[models.Model], set[int]] = field(default_factory=dict)
    #: page key → reference ids in reading order; the current page is ``current``.
    references: dict[int, dict[int, None]] = field(default_factory=dict)
    terms: dict[int, dict[int, None]] = field(default_factory=dict)
    #: The articles themselves, whose reviews are looked up.
    article_ids: set[int] = field(default_factory=set)
    #: The articles whose sections have the anchors: of an alias, its source.
    anchor_ids: set[int] = field(default_factory=set)
    current: int = 0

    def add_object(self, model: type[models.Model], pk: int) -> None:
        """Note an object of any other model."""
        if issubclass(model, Reference):
            self.references.setdefault(self.current, {})[pk] = None
        elif issubclass(model, GlossaryTerm):
            self.terms.setdefault(self.current, {})[pk] = None
        self.object_ids.setdefault(model, set()).add(pk)

    def add_reference(self, pk: int) -> None:
        """Note a citation."""
        self.add_object(Reference, pk)

    def add_term(self, pk: int) -> None:
        """Note the use of a glossary term."""
        self.add_object(GlossaryTerm, pk)
