"""Which user, or which address, is which contributor, under Settings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet

from treatments.review.models import Reviewer
from treatments.review.people import get_user_name


class ReviewerViewSet(ModelViewSet):
    """Reviewers with and without an account. Who may do what follows from Django's permissions on the model."""

    model = Reviewer
    name = "treatments_reviewers"
    url_prefix = "reviewers"
    icon = "group"
    menu_label = _("Reviewers")
    menu_name = "reviewers"
    menu_order = 910
    add_to_settings_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    panels: ClassVar[list[Any]] = [
        FieldPanel("user"),
        FieldPanel("email"),
        FieldPanel("contributor"),
    ]
    list_display: ClassVar[list[Any]] = [
        TitleColumn(
            "user",
            label=_("User or address"),
            accessor=lambda reviewer: (
                get_user_name(reviewer.user) if reviewer.user else reviewer.email
            ),
            url_name="treatments_reviewers:edit",
        ),
        Column("contributor", label=_("Contributor")),
        Column(
            "role",
            label=_("Role"),
            accessor=lambda reviewer: reviewer.contributor.get_role_display(),
        ),
    ]
