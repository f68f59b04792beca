"""Articles as v2 gives them, written once and kept in this process until something changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from wagtail.models import Site

from treatments.api.caching import find_first, set_end
from treatments.api.kept_answers import V2_ARTICLES, build_expiries
from treatments.api.stores import get_store
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest
    from rest_framework.response import Response


class KeptDetailMixin:
    """Gives an article again as it was given before, where the store says that nothing has changed.

    Whether the article is public is asked each time. Kept is only what depends on nothing but what the store
    follows: our own views (``keeps_details`` says so; a project's subclass has to say it anew), articles
    without fields of the project, and no nested fields, which may be those of any page.
    """

    keeps_details = False

    def detail_view(self, request: HttpRequest, pk: int) -> Any:
        """Answer with what is kept, or as usual."""
        asked_at = timezone.now()
        state, valid_until = self.find_state(request, pk)
        # Where an address is written depends on all of what was asked, the host included.
        address = request.build_absolute_uri()
        kept = V2_ARTICLES.get(address) if state else None
        if kept is not None and kept.state == state:
            answer = HttpResponse(kept.value, content_type="application/json")
            set_end(answer, kept.turns_at)
            return answer
        forget_moved_sites(state.rpartition(" ")[2])
        response = super().detail_view(request, pk)  # ty: ignore[missing-attribute]
        page = self.get_object()  # ty: ignore[missing-attribute]
        is_article = isinstance(page, TreatmentArticleMixin) and not page.alias_of_id
        if is_article and not state:
            # Its document was built just now.
            _state, valid_until = self.find_state(request, pk)
        ends_at = find_first([valid_until, page.expire_at])
        if is_article and state and not self.get_project_fields(type(page)):  # ty: ignore[missing-attribute]
            ends_at = find_first([ends_at, build_expiries(asked_at).first()])
            keep(address, response, state, ends_at)
        set_end(response, ends_at)
        return response

    def find_state(self, request: HttpRequest, pk: int) -> tuple[str, datetime | None]:
        """Return the state that an answer can be kept with and how long; nothing where it cannot."""
        store = get_store()
        if (
            store is None
            or "keeps_details" not in vars(type(self))
            or "(" in request.GET.get("fields", "")
            or pk >= 2**63
        ):
            return "", None
        return store.find_state(request, pk)


#: The state of the store in which this process last asked where the sites are.
_asked_in = ""


def forget_moved_sites(state: str = "") -> None:
    """Have Wagtail ask anew where the sites are, unless nothing has changed since this process did.

    Wagtail keeps their hostnames in a cache, which processes need not share.

    Args:
        state: Of the store, where it was read already; else it is read, in one query.
    """
    store = get_store()
    if store is None:
        return
    state = state or store.read_state()
    if state != _asked_in:
        Site.clear_site_root_paths_cache()
        transaction.on_commit(partial(remember_asking, state))


def remember_asking(state: str) -> None:
    """Note in which state it was asked where the sites are; see ``kept_answers.keep_committed``."""
    global _asked_in
    _asked_in = state


def keep(
    address: str, response: Response, state: str, turns_at: datetime | None
) -> None:
    """Keep an answer as soon as it is written.

    Args:
        address: What was asked.
        response: The answer.
        state: As it was before the answer was made: a change meanwhile makes another one.
        turns_at: When time alone changes the answer.
    """

    def keep_written(written: Response) -> None:
        content = written.content
        V2_ARTICLES.keep_committed(address, content, state, turns_at, size=len(content))

    response.add_post_render_callback(keep_written)
