"""App configuration of the reviews."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    """Tells ``treatments.ports.states`` how articles were reviewed, and asks for a review before a publication."""

    name = "treatments.review"
    label = "treatments_review"
    verbose_name = _("Treatment reviews")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the states, and follow what is published."""
        from treatments.admin.groups import register_review_task
        from treatments.ports.states import register_review_provider
        from treatments.review import signal_handlers
        from treatments.review.models import ClinicalReviewTask
        from treatments.review.models.tasks import TASK_RULES, TaskRules
        from treatments.review.policies import is_locked
        from treatments.review.states import get_review_states
        from treatments.review.workflows import find_actions, perform

        register_review_provider(get_review_states)
        register_review_task(ClinicalReviewTask.make)
        TASK_RULES.register(TaskRules(find_actions, perform, is_locked))
        signal_handlers.connect()
