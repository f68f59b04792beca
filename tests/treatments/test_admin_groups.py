"""The groups of an editorial office: what each may and may not do, and that creating them twice is safe."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import (
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
)

from snippets.models import Contributor, GlossaryTerm
from tests import factories
from tests.review.deciding import act
from tests.shared import share
from treatments.admin import groups
from treatments.admin.groups import (
    EDITORS,
    PUBLISHERS,
    REVIEWERS,
    ROLES,
    TRANSLATORS,
    WORKFLOW,
    create_editorial_groups,
)
from treatments.review.models import ClinicalReviewTask, Reviewer

pytestmark = pytest.mark.django_db
SNIPPETS = ("glossaryterm", "reference", "contributor", "promotion")


def create_pages(home_id):
    """Return an English article, and the Spanish home page."""
    home = factories.load_site(home_id)
    spanish = home.copy_for_translation(factories.get_locale("es"))
    return [factories.create_article(home.index, title="Surgery"), spanish]


def create_people(pages):
    """Return one user of each group, by its name."""
    create_editorial_groups()
    users = {}
    for name in ROLES:
        users[name] = get_user_model().objects.create_user(username=name)
        users[name].groups.add(Group.objects.get(name=name))
    return users


shared_office_pages = share("shared_office_pages", create_pages, on="shared_site")
shared_office_people = share(
    "shared_office_people", create_people, on="shared_office_pages"
)


@pytest.fixture
def pages(shared_office_pages):
    """Return an English article, and the Spanish home page."""
    return shared_office_pages


@pytest.fixture
def people(shared_office_people):
    """Return one user of each group, by its name."""
    return shared_office_people


def name_reviewer(user):
    """Say which contributor a user is."""
    contributor = Contributor.objects.create(
        name="Dr", role="clinical_reviewer", locale=factories.get_locale("en")
    )
    Reviewer.objects.create(user=user, contributor=contributor)


def get_state():
    return (
        sorted(Group.objects.values_list("name", "permissions__codename")),
        sorted(
            GroupPagePermission.objects.values_list(
                "group__name", "page_id", "permission__codename"
            )
        ),
        sorted(
            GroupCollectionPermission.objects.values_list(
                "group__name", "permission__codename"
            )
        ),
        Workflow.objects.count(),
    )


def test_creating_twice_changes_nothing(pages, capsys):
    call_command("create_editorial_groups")
    assert "Created the group “Translators”." in capsys.readouterr().out
    state = get_state()
    call_command("create_editorial_groups")
    assert capsys.readouterr().out == "Nothing was missing.\n"
    assert get_state() == state


def test_what_an_administrator_changed_stays(people):
    group: Any = Group.objects.get(name=EDITORS)
    extra = Permission.objects.get(codename="delete_reference")
    group.permissions.add(extra)
    group.page_permissions.exclude(permission__codename="add_page").delete()
    create_editorial_groups()
    assert extra in group.permissions.all()
    assert [row.permission.codename for row in group.page_permissions.all()] == [
        "add_page"
    ]


def test_what_is_missing_is_added(people):
    group: Any = Group.objects.get(name=EDITORS)
    group.permissions.remove(Permission.objects.get(codename="add_glossaryterm"))
    made = create_editorial_groups()
    assert made == ["“Treatment editors” may now: Can add glossary term."]


@pytest.mark.parametrize(
    ("name", "english", "spanish"),
    [
        (EDITORS, {"edit"}, {"edit"}),
        (REVIEWERS, set(), set()),
        (TRANSLATORS, set(), {"edit"}),
        (
            PUBLISHERS,
            {"edit", "publish", "lock", "unlock"},
            {"edit", "publish", "lock", "unlock"},
        ),
    ],
)
def test_page_permissions(people, pages, name, english, spanish):
    for page, expected in zip(pages, (english, spanish), strict=True):
        may = Page.objects.get(pk=page.pk).permissions_for_user(people[name])
        actions = {
            "edit": may.can_edit,
            "publish": may.can_publish,
            "lock": may.can_lock,
            "unlock": may.can_unlock,
        }
        assert {action for action, check in actions.items() if check()} == expected


@pytest.mark.parametrize("model", SNIPPETS)
@pytest.mark.parametrize(
    ("name", "actions"),
    [
        (EDITORS, {"view", "add", "change"}),
        (REVIEWERS, {"view"}),
        (PUBLISHERS, {"view", "add", "change", "delete", "publish", "lock", "unlock"}),
    ],
)
def test_snippet_permissions(people, model, name, actions):
    for action in ("view", "add", "change", "delete", "publish", "lock", "unlock"):
        assert people[name].has_perm(f"treatment_snippets.{action}_{model}") is (
            action in actions
        )


@pytest.mark.parametrize("model", ["condition", "treatment"])
def test_only_publishers_change_what_has_no_drafts(people, model):
    for name, user in people.items():
        assert user.has_perm(f"treatment_snippets.view_{model}")
        assert user.has_perm(f"treatment_snippets.change_{model}") is (
            name == PUBLISHERS
        )


def test_translators_change_words_and_publish_nothing(people):
    user = people[TRANSLATORS]
    assert user.has_perm("treatment_snippets.change_glossaryterm")
    assert user.has_perm("treatment_snippets.change_contributor")
    assert not user.has_perm("treatment_snippets.change_reference")
    assert not [name for name in user.get_all_permissions() if "publish" in name]


def test_editors_hand_pages_to_translators(people):
    allowed = {
        name
        for name, user in people.items()
        if user.has_perm("wagtail_localize.submit_translation")
    }
    assert allowed == {EDITORS, PUBLISHERS}


def test_everybody_reaches_the_admin_and_nobody_is_a_superuser(people, client):
    for user in people.values():
        client.force_login(user)
        assert client.get("/admin/").status_code == 200
        assert not user.is_superuser


def test_without_the_review_app_a_group_reviews(monkeypatch):
    monkeypatch.setattr(groups, "_make_review_task", None)
    create_editorial_groups()
    task = Workflow.objects.get(name=WORKFLOW).tasks[0].specific
    assert [group.name for group in task.groups.all()] == [REVIEWERS]


def test_review_workflow_waits_for_somebody_to_use_it(people, pages):
    workflow = Workflow.objects.get(name="Clinical review")
    review, publication = (task.specific for task in workflow.tasks)
    assert isinstance(review, ClinicalReviewTask)
    assert [group.name for group in publication.groups.all()] == [PUBLISHERS]
    assert not WorkflowPage.objects.filter(workflow=workflow).exists()


def test_reviewer_approves_in_the_workflow_what_they_may_not_edit(
    people, pages, client
):
    article = pages[0]
    workflow = Workflow.objects.get(name="Clinical review")
    WorkflowPage.objects.create(workflow=workflow, page=article)
    article.save_revision(user=people[EDITORS])
    state = workflow.start(article, people[EDITORS])
    name_reviewer(people[REVIEWERS])
    client.force_login(people[REVIEWERS])
    assert "Surgery" in client.get("/admin/").text
    task = state.current_task_state.task.specific
    assert {
        action for action, *rest in task.get_actions(article, people[REVIEWERS])
    } == {"decide"}


def test_editor_cannot_publish_a_term_in_the_admin(people, client):
    client.force_login(people[EDITORS])
    data = {
        "term": "metastasis",
        "definition": '{"blocks": [], "entityMap": {}}',
        "action-publish": "1",
    }
    url = "/admin/snippets/treatment_snippets/glossaryterm/add/?locale=en"
    client.post(
        url,
        {
            **data,
            "definition": '{"blocks":[{"key":"a","text":"Spread","type":"unstyled","depth":0,"inlineStyleRanges":[],"entityRanges":[],"data":{}}],"entityMap":{}}',
        },
    )
    assert [term.live for term in GlossaryTerm.objects.all()] == [False]


def test_reviewers_approve_and_publishers_publish(people, pages):
    article = pages[0]
    article.title = "Surgery, reviewed"
    article.save_revision(user=people[EDITORS])
    name_reviewer(people[REVIEWERS])
    state = Workflow.objects.get(name=WORKFLOW).start(article, people[EDITORS])
    for name, title in ((REVIEWERS, "Surgery"), (PUBLISHERS, "Surgery, reviewed")):
        task_state = state.current_task_state
        task = task_state.task.specific
        assert [
            user
            for user in people
            if task.user_can_access_editor(article, people[user])
        ] == [name]
        act(task, task_state, people[name], "approve")
        state.refresh_from_db()
        article.refresh_from_db()
        assert article.title == title
    assert state.status == state.STATUS_APPROVED
