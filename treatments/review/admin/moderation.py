"""Wagtail's panel of what waits for somebody, without buttons that approve a text which is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin.views.home import WorkflowObjectsToModeratePanel

from treatments.review.models.tasks import is_article

if TYPE_CHECKING:
    from collections.abc import MutableSequence


class TasksPanel(WorkflowObjectsToModeratePanel):
    """Leads to the text of an article; what else waits can be approved here as before."""

    template_name = "treatments_review/tasks_panel.html"

    def get_context_data(self, parent_context: Any) -> Any:
        """Return what waits: the articles apart from what Wagtail shows as it does."""
        context = super().get_context_data(parent_context)
        states = context["states"]
        articles = [each for each in states if is_article(each["obj"])]
        others = [each for each in states if not is_article(each["obj"])]
        return {**context, "panel": self, "articles": articles, "states": others}


def replace_panel(panels: MutableSequence[Any]) -> None:
    """Put our panel in the place of Wagtail's own; one of a project stays."""
    for number, panel in enumerate(panels):
        if type(panel) is WorkflowObjectsToModeratePanel:
            panels[number] = TasksPanel()
