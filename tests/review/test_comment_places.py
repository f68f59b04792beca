"""A comment of a guest stays in the editor's sight wherever its block goes, and when it is gone."""

from __future__ import annotations

import copy

import pytest
from django.urls import reverse
from wagtail.models import Comment

from tests.review.conftest import (
    COMMENTS,
    CRITERION,
    FIRST,
    SECOND,
    call,
    write_comment,
)
from tests.review.drafts import edit
from treatments.review.comments import keep_places

pytestmark = pytest.mark.django_db
CRITERIA = "aaaaaaaa-2222-4222-8222-222222222222"
TEXT = {
    "type": "rich_text",
    "id": "eeeeeeee-6666-4666-8666-666666666666",
    "value": "<p>Ask your doctor.</p>",
}


def move(draft):
    """Put the criteria into the other section."""
    body = copy.deepcopy(list(draft.body.raw_data))
    body[1]["value"]["content"].append(body[0]["value"]["content"].pop())
    body[0]["value"]["content"].append(TEXT)
    draft.body = body


def remove(draft):
    """Take the criteria out of the article."""
    body = copy.deepcopy(list(draft.body.raw_data))
    body[0]["value"]["content"] = [TEXT]
    draft.body = body


@pytest.mark.parametrize("is_published", [True, False])
@pytest.mark.parametrize(
    ("change", "path"),
    [
        (move, f"body.{SECOND}.content.{CRITERIA}.items.{CRITERION}.text"),
        (remove, "title"),
    ],
)
def test_a_comment_goes_where_its_block_goes(
    client, shared, author, admin_user, change, path, is_published
):
    write_comment(client)

    edit(shared, change, author, publish=is_published)

    comment = Comment.objects.get()
    assert comment.contentpath == path
    assert comment.has_valid_contentpath(shared.get_latest_revision_as_object())
    assert call(client, "get", COMMENTS).json()[0]["block_id"] == CRITERION
    client.force_login(admin_user)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[shared.pk]))
    formset = page.context["form"].formsets["comments"]
    assert [form.instance.pk for form in formset.forms] == [comment.pk]


def test_a_comment_comes_back_with_its_block(client, shared, author):
    write_comment(client)
    body = copy.deepcopy(list(shared.body.raw_data))
    edit(shared, remove, author)

    edit(shared, lambda draft: setattr(draft, "body", body), author)

    path = f"body.{FIRST}.content.{CRITERIA}.items.{CRITERION}.text"
    assert Comment.objects.get().contentpath == path


def test_comments_of_editors_stay_where_they_are(client, shared, author):
    write_comment(client)
    own = Comment.objects.create(
        page=shared, user=author, text="Hm.", contentpath="summary"
    )

    edit(shared, move, author)

    assert Comment.objects.get(pk=own.pk).contentpath == "summary"


def test_a_page_without_comments_costs_one_query(article, django_assert_num_queries):
    with django_assert_num_queries(1):
        keep_places(article)
