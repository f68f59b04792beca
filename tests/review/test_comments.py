"""Guests comment on a draft: the editors find it in Wagtail at that block, and nothing that is typed does harm."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import Comment, CommentReply, PageSubscription
from wagtail.test.utils.form_data import inline_formset

from tests.review.conftest import (
    COMMENTS,
    CRITERION,
    FIRST,
    SECOND,
    STEP,
    call,
    create_user,
    write_comment,
)
from tests.review.drafts import edit, set_step
from tests.review.editing import build_form
from treatments.review.comments import ACCOUNT, get_account
from treatments.review.models import GuestComment

pytestmark = pytest.mark.django_db
CRITERIA = "aaaaaaaa-2222-4222-8222-222222222222"
STEPS = "bbbbbbbb-2222-4222-8222-222222222222"
PHASE = "bbbbbbbb-3333-4333-8333-333333333333"


def test_a_comment_on_a_criterion_is_wagtails_own(client, shared):
    answer = write_comment(client)

    assert answer.status_code == 200, answer.content
    thread = answer.json()
    assert thread | {"id": 0, "created_at": ""} == {
        "id": 0,
        "block_id": CRITERION,
        "quote": "The tumor is small",
        "text": "Is that so?",
        "author": "Dr Guest",
        "is_yours": True,
        "created_at": "",
        "is_resolved": False,
        "replies": [],
    }
    comment = Comment.objects.get()
    assert comment.text == "Dr Guest: Is that so?"
    assert (
        comment.contentpath == f"body.{FIRST}.content.{CRITERIA}.items.{CRITERION}.text"
    )
    assert comment.has_valid_contentpath(shared)
    assert call(client, "get", COMMENTS).json() == [thread]


@pytest.mark.parametrize(
    ("block_id", "path"),
    [
        (None, "title"),
        ("summary", "summary"),
        ("intro", "intro"),
        (FIRST, f"body.{FIRST}.heading"),
        (CRITERIA, f"body.{FIRST}.content.{CRITERIA}.title"),
        (STEP, f"body.{SECOND}.content.{STEPS}.phases.{PHASE}.steps.{STEP}.title"),
        (
            "33333333-3333-4333-8333-333333333333",
            "key_points.33333333-3333-4333-8333-333333333333",
        ),
    ],
)
def test_every_part_has_its_place(client, shared, block_id, path):
    assert write_comment(client, block_id=block_id).status_code == 200

    comment = Comment.objects.get()
    assert comment.contentpath == path
    assert comment.has_valid_contentpath(shared)


def test_every_block_of_an_article_with_all_kinds_has_a_place(site):
    from tests import factories
    from treatments.review.places import find_place

    page, _sampler = factories.create_full_article(
        site.index, factories.create_targets(site.index)
    )
    streams = [page.key_points, page.body, page.questions, page.also_known_as]
    ids = {pk for stream in streams for pk in find_block_ids(list(stream.raw_data))}

    assert len(ids) > 40
    for pk in ids:
        place = find_place(page, pk)
        assert place is not None, pk
        comment = Comment(page=page, contentpath=place.path)
        assert comment.has_valid_contentpath(page), place


def find_block_ids(value):
    """Return the ids of all blocks that a reader sees; items of lists of citations are none."""
    found = set()
    if isinstance(value, dict):
        is_item = value.get("type") == "item" and isinstance(value["value"], int)
        if "id" in value and "type" in value and not is_item:
            found.add(value["id"])
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            found |= find_block_ids(part)
    return found


def test_the_editor_sees_the_comment_with_the_name(client, shared, admin_user):
    write_comment(client)
    client.force_login(admin_user)

    page = client.get(reverse("wagtailadmin_pages:edit", args=[shared.pk]))

    assert "Dr Guest: Is that so?" in page.content.decode()


def test_a_comment_follows_its_block(client, shared, author):
    write_comment(client)

    def swap(draft):
        body = list(draft.body.raw_data)
        draft.body = [body[1], body[0]]

    edit(shared, swap, author)

    comment = Comment.objects.get()
    assert comment.has_valid_contentpath(shared)
    assert call(client, "get", COMMENTS).json()[0]["block_id"] == CRITERION


def test_a_block_that_is_gone_meanwhile_leaves_the_comment_on_the_article(
    client, article, author, gate
):
    gate.share(article, author, is_pinned=True)

    def remove(draft):
        draft.body = list(draft.body.raw_data)[1:]

    edit(article, remove, author, publish=False)

    assert write_comment(client).status_code == 200
    assert Comment.objects.get().contentpath == "title"
    assert GuestComment.objects.get().quote == "The tumor is small"


def test_an_open_editor_does_not_drop_the_comment_of_a_guest(
    client, shared, admin_user
):
    """The editor opened the form, then the guest wrote, then the editor saved."""
    url = reverse("wagtailadmin_pages:edit", args=[shared.pk])
    data = build_form(shared, summary="Saved later", comments=inline_formset([]))
    write_comment(client)
    client.force_login(admin_user)

    client.post(url, data)
    assert Comment.objects.count() == 1
    client.post(url, {**data, "action-publish": "on"})

    shared.refresh_from_db()
    assert shared.summary == "Saved later"
    assert Comment.objects.get().text == "Dr Guest: Is that so?"
    assert GuestComment.objects.count() == 1


def test_editors_answer_and_settle_in_their_own_panel(
    client, shared, admin_user, mailoutbox, django_capture_on_commit_callbacks
):
    write_comment(client)
    comment = Comment.objects.get()
    client.force_login(admin_user)
    form = inline_formset(
        [
            {
                "id": comment.pk,
                "text": comment.text,
                "contentpath": "summary",
                "position": "",
                "resolved": "on",
                "replies": inline_formset([{"text": "Yes, see the trial.", "id": ""}]),
            }
        ],
        initial=1,
    )
    Comment.objects.update(contentpath="summary")

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("wagtailadmin_pages:edit", args=[shared.pk]),
            build_form(shared, comments=form),
        )

    assert answer.status_code == 302, answer.content.decode()[:3000]
    thread = call(client, "get", COMMENTS).json()[0]
    assert thread["is_resolved"] is True
    assert [each["text"] for each in thread["replies"]] == ["Yes, see the trial."]
    assert thread["replies"][0]["is_yours"] is False
    mail = next(mail for mail in mailoutbox if mail.to == ["guest@example.org"])
    assert "Ablation" in mail.subject
    # What was answered is for the holder of the link.
    assert "see the trial" not in mail.body


def test_guests_reply_and_open_a_thread_again(client, shared, author, gate):
    gate.share(shared, author, "other", recipient_name="Dr Other")
    thread = write_comment(client).json()
    url = f"{COMMENTS}{thread['id']}/resolve/"

    assert call(client, "post", url, None, "other").status_code == 403
    assert call(client, "post", url).json()["is_resolved"] is True
    assert call(client, "post", url).json()["is_resolved"] is True
    answer = write_comment(client, "I doubt it.", None, "other", parent=thread["id"])

    assert answer.json()["is_resolved"] is False
    assert answer.json()["is_yours"] is False
    assert answer.json()["replies"][0]["author"] == "Dr Other"
    assert answer.json()["replies"][0]["is_yours"] is True
    assert CommentReply.objects.get().text == "Dr Other: I doubt it."


def test_what_editors_write_to_each_other_is_not_for_guests(client, shared, author):
    Comment.objects.create(
        page=shared, user=author, text="He never understands.", contentpath="title"
    )
    foreign = Comment.objects.get()

    assert call(client, "get", COMMENTS).json() == []
    assert write_comment(client, parent=foreign.pk).status_code == 404
    assert call(client, "post", f"{COMMENTS}{foreign.pk}/resolve/").status_code == 404


def test_comments_on_another_article_are_not_there(client, shared, author, gate, site):
    from tests import factories

    thread = write_comment(client).json()
    other = factories.create_article(site.index, title="Other", slug="other")
    gate.share(other, author, "other")

    assert call(client, "get", COMMENTS, None, "other").json() == []
    assert write_comment(client, link="other", parent=thread["id"]).status_code == 404
    url = f"{COMMENTS}{thread['id']}/resolve/"
    assert call(client, "post", url, None, "other").status_code == 404


def test_the_sharer_and_the_followers_are_told(
    client, shared, author, mailoutbox, django_capture_on_commit_callbacks
):
    follower = create_user("Follower")
    PageSubscription.objects.create(
        page=shared, user=follower, comment_notifications=True
    )
    with django_capture_on_commit_callbacks(execute=True):
        write_comment(client)

    assert {mail.to[0] for mail in mailoutbox} == {
        "author@example.org",
        "follower@example.org",
    }
    pk = Comment.objects.get().pk
    assert f"/admin/pages/{shared.pk}/edit/?comment={pk}" in mailoutbox[0].body


def test_nobody_logs_in_with_the_account_of_the_guests(client, shared):
    write_comment(client)
    account = get_account()

    assert not account.is_active
    assert not account.has_usable_password()
    assert authenticate(username=ACCOUNT, password="") is None
    assert get_user_model().objects.filter(username=ACCOUNT).count() == 1
    with pytest.raises(ProtectedError):
        account.delete()


def test_a_comment_makes_nobody_an_author(client, shared, doctor):
    from tests.review.deciding import decide

    write_comment(client)

    assert decide(shared, doctor).is_clinical


def test_the_number_of_queries_is_the_same_for_many_threads(
    client, shared, settings, django_assert_max_num_queries
):
    settings.TREATMENTS = {**settings.TREATMENTS, "ANONYMOUS_WRITE_RATE": None}
    thread = write_comment(client).json()
    write_comment(client, "More", None, parent=thread["id"])
    with django_assert_max_num_queries(12) as queries:
        call(client, "get", COMMENTS)
    count = len(queries)
    for _ in range(5):
        pk = write_comment(client).json()["id"]
        write_comment(client, "More", None, parent=pk)

    with django_assert_max_num_queries(count):
        assert len(call(client, "get", COMMENTS).json()) == 6


def test_a_text_is_about_the_words_of_then(client, shared, author):
    write_comment(client, block_id=STEP)
    edit(shared, set_step("Other words"), author, publish=False)

    thread = call(client, "get", COMMENTS).json()[0]
    assert thread["quote"] == "The skin is numbed"
