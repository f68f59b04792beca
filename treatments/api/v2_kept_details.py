"""Articles as v2 gives them, written once and kept in this process until something changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from treatments.api.kept_answers import V2_ARTICLES, build_expiries
from treatments.api.stores import get_store
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
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
        state = self.find_state(request, pk)
        # Where an address is written depends on all of what was asked, the host included.
        address = request.build_absolute_uri()
        kept = V2_ARTICLES.get(address) if state else None
        if kept is not None and kept.state == state:
            return HttpResponse(kept.value, content_type="application/json")
        response = super().detail_view(request, pk)  # ty: ignore[missing-attribute]
        if state and self.is_kept():
            self.keep(address, response, state)
        return response

    def find_state(self, request: HttpRequest, pk: int) -> str:
        """Return the state that an answer can be kept with; nothing where it cannot."""
        store = get_store()
        if (
            store is None
            or "keeps_details" not in vars(type(self))
            or "(" in request.GET.get("fields", "")
            or pk >= 2**63
        ):
            return ""
        return store.find_state(request, pk)

    def is_kept(self) -> bool:
        """Tell whether all of the answer's fields are ours."""
        page = self.get_object()  # ty: ignore[missing-attribute]
        return isinstance(page, TreatmentArticleMixin) and not self.get_project_fields(  # ty: ignore[missing-attribute]
            type(page)
        )

    def keep(self, address: str, response: Response, state: str) -> None:
        """Keep an answer as soon as it is written.

        Args:
            address: What was asked.
            response: The answer.
            state: As it was before the answer was made: a change meanwhile makes another one.
        """
        ends_at = build_expiries().first()

        def keep_written(written: Response) -> None:
            content = written.content
            V2_ARTICLES.keep(address, content, state, ends_at, size=len(content))

        response.add_post_render_callback(keep_written)
