"""What an article has chosen, in its own draft state, as far as somebody may edit it there.

A ``DraftView`` belongs to one user and one page. It replaces what was loaded for the public, and remembers
which state of each thing was shown, so that a reviewer knows what is not published yet.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from wagtail.models import (
    DraftStateMixin,
    Page,
    PageViewRestriction,
    Revision,
    RevisionMixin,
)
from wagtail.permissions import policy_registry

from snippets.models import VocabularyMixin
from treatments.article_fields import LINKED_FIELDS
from treatments.content.visibility import is_published

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db import models

    from treatments.content.lookups import Lookups
    from treatments.content.needs import Needs


class ContentState(StrEnum):
    """Which state of a chosen thing a draft shows."""

    DRAFT = "draft"
    LIVE = "live"
    MISSING = "missing"


class DraftView:
    """The drafts that one user may edit.

    Attributes:
        user: Who; every draft of somebody else's stays hidden.
        drafts: (model, id) of the things that are shown in a state that is not published.
    """

    def __init__(self, user: Any):
        self.user = user
        self.drafts: set[tuple[type, int]] = set()

    def may_edit(self, model: type[models.Model]) -> bool:
        """Tell whether the user may edit the snippets of a model."""
        policy = policy_registry.get_by_type(model)
        return policy.user_has_permission(self.user, "change")

    def show_objects(self, model: type[models.Model], rows: list[Any]) -> list[Any]:
        """Return the rows that the user may see, those with a draft as it is.

        Args:
            model: A model of snippets.
            rows: All rows that are meant, published or not.
        """
        has_drafts = issubclass(model, DraftStateMixin)
        has_switch = issubclass(model, VocabularyMixin)
        if not (has_drafts or has_switch) or not self.may_edit(model):
            return [row for row in rows if is_published(row)]
        waiting = {
            row.pk
            for row in rows
            if not is_published(row) or (has_drafts and row.has_unpublished_changes)
        }
        self.drafts |= {(model, pk) for pk in waiting}
        if not issubclass(model, RevisionMixin):
            return rows
        contents = load_contents(
            row.latest_revision_id for row in rows if row.pk in waiting
        )
        return [
            row.with_content_json(contents[row.latest_revision_id])
            if row.pk in waiting and row.latest_revision_id in contents
            else row
            for row in rows
        ]

    def show_pages(self, needs: Needs, lookups: Lookups, hidden: set[Any]) -> None:
        """Add the drafts of linked pages to those that are public.

        Args:
            needs: Takes the images of their cards.
            lookups: Where the pages are put.
            hidden: Translation keys of the pages that are represented: their own translations are public or
                not there.
        """
        keys = set(lookups.page_keys.values()) - hidden
        if not keys:
            return
        pages = [
            page
            for page in Page.objects.filter(
                Q(live=False) | Q(has_unpublished_changes=True),
                translation_key__in=keys,
                alias_of__isnull=True,
            ).select_related("locale", "content_type")
            if page.permissions_for_user(self.user).can_edit()
        ]
        private = tuple(
            PageViewRestriction.objects.values_list("page__path", flat=True)
            if pages
            else ()
        )
        pages = [page for page in pages if not page.path.startswith(private)]
        contents = load_contents(page.latest_revision_id for page in pages)
        for page in pages:
            page.title = page.draft_title or page.title
            self.drafts.add((Page, page.pk))
            lookups.pages[page.pk] = page
            lookups.pages_by_key[page.translation_key, page.locale_id] = page
            content = contents.get(page.latest_revision_id, {})
            if all(name in content for name in LINKED_FIELDS):
                lookups.cards[page.pk] = {name: content[name] for name in LINKED_FIELDS}
                if content["hero_image"]:
                    needs.image_ids.add(content["hero_image"])

    def build_manifest(
        self, needs: Needs, lookups: Lookups, locale_id: int
    ) -> list[dict[str, Any]]:
        """Return each chosen thing as ``{kind, id, title, state}``, by kind and title.

        Of what is missing no title is told.
        """
        entries: dict[tuple[str, int], dict[str, Any]] = {}

        def add(kind: str, model: type, pk: int, shown: Any) -> None:
            if shown is None:
                entry = {"id": pk, "title": "", "state": ContentState.MISSING}
            else:
                is_draft = (model, shown.pk) in self.drafts
                title = getattr(shown, "title", None) or str(shown)
                state = ContentState.DRAFT if is_draft else ContentState.LIVE
                entry = {"id": shown.pk, "title": title, "state": state}
            entries[kind, entry["id"]] = {"kind": kind, **entry}

        for model, ids in needs.object_ids.items():
            keys = lookups.object_keys.get(model, {})
            own = lookups.objects_by_key.get(model, {})
            for pk in ids:
                shown = own.get((keys.get(pk), locale_id))
                known = shown or lookups.objects.get(model, {}).get(pk)
                add(name_kind(model), model, pk, known)
        for pk in needs.page_ids:
            key = lookups.page_keys.get(pk)
            own_page = lookups.pages_by_key.get((key, locale_id))
            add("page", Page, pk, own_page or lookups.pages.get(pk))
        for kind, ids, found in (
            ("image", needs.image_ids, lookups.images),
            ("document", needs.document_ids, lookups.documents),
        ):
            for pk in ids:
                add(kind, type(found.get(pk)), pk, found.get(pk))
        return sorted(
            entries.values(),
            key=lambda entry: (entry["kind"], entry["title"].casefold(), entry["id"]),
        )


def load_contents(revision_ids: Any) -> dict[int, dict[str, Any]]:
    """Return the contents of revisions by their ids; one query, or none where there are none."""
    wanted: Collection[int] = {pk for pk in revision_ids if pk is not None}
    if not wanted:
        return {}
    rows = Revision.objects.filter(pk__in=wanted).order_by()
    return dict(rows.values_list("pk", "content"))


def name_kind(model: type[models.Model]) -> str:
    """Return the kind of a snippet as the API writes it: ``glossary_term``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", model.__name__).lower()
