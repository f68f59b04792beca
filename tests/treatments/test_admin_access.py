"""Who may open which report, and who may do what with an article: a row for each role."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from snippets.models import Contributor
from tests import factories
from tests.shared import share
from treatments.admin import access
from treatments.admin.groups import (
    EDITORS,
    PUBLISHERS,
    REVIEWERS,
    TRANSLATORS,
    create_editorial_groups,
)
from treatments.admin.reports import Report
from treatments.delivery import building
from treatments.delivery.admin import places
from treatments.delivery.models import Document
from treatments.models import TreatmentPage
from treatments.preview import links
from treatments.preview.models import DraftLink
from treatments.review.admin import concerned
from treatments.review.models import Reviewer

pytestmark = pytest.mark.django_db

NOBODY, DOCTOR, AUDITOR = "nobody", "doctor", "auditor"
ADMINISTRATOR, FORMER = "administrator", "former administrator"
REPORTS = {
    "reviews": "/admin/reports/reviews/",
    "behind": "/admin/reports/translations-behind/",
    "history": "/admin/reports/public-history/",
    "failures": "/admin/reports/articles-not-built/",
    "links": "/admin/treatments/drafts/report/",
    "deliveries": "/admin/reports/webhooks/deliveries/",
    "recalls": "/admin/reports/webhooks/recalls/",
}
#: Role → the reports that it may open.
OPENED = {
    NOBODY: set(),
    DOCTOR: {"reviews"},
    AUDITOR: {"links", "deliveries", "recalls"},
    REVIEWERS: set(),
    TRANSLATORS: {"reviews", "behind"},
    EDITORS: {"reviews", "behind"},
    PUBLISHERS: {"reviews", "behind", "history", "failures"},
    ADMINISTRATOR: set(REPORTS),
}
#: Rule → how it is asked about an article and a draft link to it.
RULES = {
    "edit": lambda user, page, link: access.may_edit(user, page),
    "publish": lambda user, page, link: access.may_publish(user, page),
    "see its history": lambda user, page, link: places.may_see_history(
        user, page, page.pk
    ),
    "explain a withdrawal": lambda user, page, link: places.may_publish(
        user, page, page.pk
    ),
    "see the history once it is deleted": lambda user, page, link: (
        places.may_see_history(user, None, page.pk)
    ),
    "explain its deletion": lambda user, page, link: places.may_publish(
        user, None, page.pk
    ),
    "find it in the report": lambda user, page, link: (
        places.narrow_to_publishable(Document.objects.all(), user)
        .filter(pk=page.pk)
        .exists()
    ),
    "see its reviews": lambda user, page, link: concerned.may_see_reviews(user, page),
    "find it among the reviews": lambda user, page, link: (
        concerned.find_visible_pages(user).filter(pk=page.pk).exists()
    ),
    "see its link": lambda user, page, link: links.may_see(user, link),
    "revoke its link": lambda user, page, link: links.may_revoke(user, link),
}
EDITING = {
    "edit",
    "see its history",
    "see its reviews",
    "find it among the reviews",
    "see its link",
    "revoke its link",
}
#: Role → the rules that allow it something; the article is English, and nobody was asked to review it.
ALLOWED = {
    NOBODY: set(),
    DOCTOR: set(),
    AUDITOR: {"see its link"},
    REVIEWERS: set(),
    TRANSLATORS: set(),
    EDITORS: EDITING,
    PUBLISHERS: set(RULES),
    ADMINISTRATOR: set(RULES),
    FORMER: set(),
}


def create_office(home_id: int) -> dict[str, Any]:
    """Return a person of each role, the id of an article and of a draft link to it."""
    home = factories.load_site(home_id)
    factories.create_spanish_tree(home)
    create_editorial_groups()
    office = {}
    for role in ALLOWED:
        user = get_user_model().objects.create_user(role)
        user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        user.groups.add(*Group.objects.filter(name=role))
        office[role] = user
    contributor = Contributor.objects.create(
        name="Dr Doctor", role="clinical_reviewer", locale=home.locale
    )
    Reviewer.objects.create(user=office[DOCTOR], contributor=contributor)
    office[AUDITOR].user_permissions.add(
        *Permission.objects.filter(
            codename__in=["view_draftlink", "view_webhookdelivery"]
        )
    )
    for role in (ADMINISTRATOR, FORMER):
        office[role].is_superuser = True
        office[role].is_active = role == ADMINISTRATOR
        office[role].save()
    page = factories.create_article(home.index)
    page.save_revision()
    building.refresh([page.pk])
    link, _token = links.create_link(page, office[EDITORS], recipient_name="Guest")
    return {**office, "page": page.pk, "link": link.pk}


shared_roles = share("shared_roles", create_office, on="shared_site")


@pytest.mark.parametrize("role", OPENED)
def test_a_role_opens_its_reports_and_finds_them_in_the_menu(
    client, shared_roles, role
):
    client.force_login(shared_roles[role])
    menu = client.get("/admin/").content.decode()
    for name, url in REPORTS.items():
        is_open = name in OPENED[role]
        for address in (url, f"{url}results/", f"{url}?export=csv"):
            answer = client.get(address)
            assert answer.status_code == (200 if is_open else 302), (role, address)
        assert (f'"{url}"' in menu) == is_open, (role, name)


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_do_this_with_an_article(shared_roles, role):
    page = TreatmentPage.objects.get(pk=shared_roles["page"])
    link = DraftLink.objects.get(pk=shared_roles["link"])

    assert {
        name for name, rule in RULES.items() if rule(shared_roles[role], page, link)
    } == ALLOWED[role]


def test_a_report_that_names_no_permission_is_for_nobody(shared_roles):
    class Bare(Report):
        model = TreatmentPage

    assert not Bare.may_open(shared_roles[PUBLISHERS])
