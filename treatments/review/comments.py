"""Comments of guests on drafts. They are Wagtail's own comments, so that editors find them where they work.

One account, which nobody can log in with, stands behind all of them. A guest sees what guests
have written about the article, and what editors answered to it; what editors write to each other stays theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.models import (
    COMMENTS_RELATION_NAME,
    Comment,
    CommentReply,
    PageSubscription,
)

from snippets.lines import normalize_text
from treatments.ports import mail
from treatments.review.decisions import clean_text
from treatments.review.models import GuestComment, GuestReply
from treatments.review.people import get_guest_actor, get_user_name
from treatments.review.places import WHOLE, Place, find_place
from treatments.review.refusals import DecisionError

if TYPE_CHECKING:
    from treatments.ports.drafts import DraftGrant

ACCOUNT = "draft-link-guests"


class CommentError(DecisionError):
    """A comment cannot be written; the text says why."""


class UnknownCommentError(LookupError):
    """There is no such comment that the guest may see."""


class ForeignCommentError(CommentError):
    """The comment is somebody else's."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its replies, as a guest sees it."""

    guest: GuestComment
    is_yours: bool
    replies: tuple[dict[str, Any], ...]


def get_account() -> Any:
    """Return the account behind all guests; nobody can log in with it, and it has no rights."""
    model: Any = get_user_model()
    names = {field.name for field in model._meta.get_fields()}
    defaults: dict[str, Any] = {"is_active": False, "password": make_password(None)}
    if "first_name" in names:
        defaults["first_name"] = "Guests with a draft link"
    return model._default_manager.get_or_create(
        **{model.USERNAME_FIELD: ACCOUNT}, defaults=defaults
    )[0]


def load_threads(grant: DraftGrant) -> list[Thread]:
    """Return the threads of guests about an article, the oldest first. A fixed number of queries."""
    replies = CommentReply.objects.select_related("user")
    guests = (
        GuestComment.objects.filter(comment__page_id=grant.page_id)
        .select_related("comment")
        .prefetch_related(
            Prefetch("comment__replies", queryset=replies.order_by("created_at", "pk"))
        )
        .order_by("comment__created_at", "pk")
    )
    written = GuestReply.objects.filter(reply__comment__page_id=grant.page_id)
    by_reply = {row.pk: row for row in written}
    person = get_person(grant)
    return [
        Thread(
            guest,
            is_own(guest, grant, person),
            tuple(
                represent_reply(reply, by_reply.get(reply.pk), grant, person)
                for reply in guest.comment.replies.all()
            ),
        )
        for guest in guests
    ]


def get_person(grant: DraftGrant) -> str:
    """Return who a guest is."""
    return get_guest_actor(grant).person


def is_own(row: GuestComment | GuestReply, grant: DraftGrant, person: str) -> bool:
    """Tell whether a guest has written something."""
    return row.link_id == grant.link_id or row.person == person


def is_same_guest(
    row: GuestComment | GuestReply, other: GuestComment | GuestReply
) -> bool:
    """Tell whether two texts are by the same guest, by whatever link."""
    return row.link_id == other.link_id or row.person == other.person


def represent_reply(
    reply: CommentReply, guest: GuestReply | None, grant: DraftGrant, person: str
) -> dict[str, Any]:
    """Return what a guest sees of a reply; of an editor the name only."""
    return {
        "id": reply.pk,
        "text": guest.text if guest else normalize_text(reply.text),
        "author": guest.name if guest else get_user_name(reply.user),
        "is_yours": guest is not None and is_own(guest, grant, person),
        "created_at": reply.created_at,
    }


def check_text(text: str) -> str:
    """Return a text that may be stored: HTML stays what it is, text.

    Raises:
        CommentError: it shows nothing, is too long, or has control characters.
    """
    try:
        text = clean_text(text, "text")
    except DecisionError as error:
        raise CommentError(str(error), *error.place) from error
    if not text:
        raise CommentError(_("Write something first."), "text")
    return text


def sign_text(name: str, text: str) -> str:
    """Return the text of a guest as Wagtail keeps it: after the name, in the form in which a browser sends it.

    Wagtail shows it in the form of the page, and refuses the whole form where what comes back differs by one sign.
    """
    return normalize_text(f"{name}: {text}").strip().replace("\n", "\r\n")


@transaction.atomic
def add_comment(grant: DraftGrant, block_id: str, text: str) -> GuestComment:
    """Comment on a block of the draft that a guest reads; nothing for the whole article.

    Raises:
        CommentError: the text is not possible, or the draft has no such block.
    """
    text = check_text(text)
    page, revision = grant.page, grant.revision
    place = find_place(grant.draft, block_id) if block_id else Place(WHOLE)
    if place is None:
        message = _("There is no such block in this draft. Load it again.")
        raise CommentError(message, "block_id")
    if page.latest_revision_id != revision.pk:
        # Somebody has gone on writing: the comment stands where the block stands now.
        latest = page.get_latest_revision_as_object()
        present = find_place(latest, block_id) if block_id else place
        place = Place(present.path if present else WHOLE, place.quote)
    actor = get_guest_actor(grant)
    account = get_account()
    comment = Comment(
        page=page,
        user=account,
        text=sign_text(actor.name, text),
        contentpath=place.path,
        revision_created=revision,
    )
    comment.save()
    comment.log_create(page_revision=revision, user=account)
    guest = GuestComment.objects.create(
        comment=comment,
        account=account,
        link_id=grant.link_id,
        person=actor.person,
        name=actor.name,
        email=grant.recipient_email,
        text=text,
        block_id=block_id,
        quote=place.quote,
        locale=grant.locale,
    )
    tell_editors(grant, comment, actor.name)
    return guest


def keep_places(page: Any) -> None:
    """Move the comments of guests to where their blocks stand in a page whose draft is just being saved.

    Wagtail does not show a comment whose place is gone: then it stands at the title. One query where there
    are none, or where all stand right.
    """
    moved: dict[int, str] = {}
    guests = GuestComment.objects.filter(comment__page_id=page.pk)
    for guest in guests.select_related("comment"):
        place = find_place(page, guest.block_id) if guest.block_id else None
        path = place.path if place else WHOLE
        if path != guest.comment.contentpath:
            moved[guest.pk] = path
    if not moved:
        return
    for pk, path in moved.items():
        Comment.objects.filter(pk=pk).update(contentpath=path)
    # The page is about to save what it has loaded of them.
    for comment in getattr(page, COMMENTS_RELATION_NAME).all():
        comment.contentpath = moved.get(comment.pk, comment.contentpath)


def find_thread(grant: DraftGrant, pk: int) -> GuestComment:
    """Return a thread about the article of a grant.

    Raises:
        UnknownCommentError: no guest has written it there.
    """
    found = GuestComment.objects.filter(pk=pk, comment__page_id=grant.page_id)
    guest = found.select_related("comment").first()
    if guest is None:
        raise UnknownCommentError
    return guest


@transaction.atomic
def add_reply(grant: DraftGrant, pk: int, text: str) -> GuestReply:
    """Go on in a thread; one that was resolved is open again.

    Raises:
        UnknownCommentError: there is no such thread.
        CommentError: the text is not possible.
    """
    text = check_text(text)
    thread = find_thread(grant, pk)
    actor = get_guest_actor(grant)
    account = get_account()
    reply = CommentReply(
        comment=thread.comment, user=account, text=sign_text(actor.name, text)
    )
    reply.save()
    reply.log_create(
        page_revision=thread.comment.page.get_latest_revision(), user=account
    )
    guest = GuestReply.objects.create(
        reply=reply,
        account=account,
        link_id=grant.link_id,
        person=actor.person,
        name=actor.name,
        email=grant.recipient_email,
        text=text,
    )
    if thread.comment.resolved_at is not None:
        set_resolved(thread.comment, None)
    tell_editors(grant, thread.comment, actor.name)
    tell_guests(thread, guest)
    return guest


@transaction.atomic
def resolve(grant: DraftGrant, pk: int) -> GuestComment:
    """Say that a comment is settled; only who has written it.

    Raises:
        UnknownCommentError: there is no such thread.
        ForeignCommentError: somebody else has written it.
    """
    thread = find_thread(grant, pk)
    if not is_own(thread, grant, get_person(grant)):
        raise ForeignCommentError(
            _("Only who wrote a comment can say that it is settled.")
        )
    if thread.comment.resolved_at is None:
        account = get_account()
        set_resolved(thread.comment, account)
        revision = thread.comment.page.get_latest_revision()
        thread.comment.log_resolve(page_revision=revision, user=account)
    return thread


def set_resolved(comment: Comment, account: Any) -> None:
    """Resolve a comment, or open it again where there is no account."""
    comment.resolved_at = timezone.now() if account else None
    comment.resolved_by = account
    comment.save()


def tell_editors(grant: DraftGrant, comment: Comment, name: str) -> None:
    """Send a message to who shared the draft, and to all who want to hear of comments on the page."""
    followers = PageSubscription.objects.filter(
        page_id=grant.page_id, comment_notifications=True
    )
    ids = {*followers.values_list("user_id", flat=True), grant.sharer_id} - {None}
    page = comment.page
    path = reverse("wagtailadmin_pages:edit", args=[page.pk])
    url = f"{settings.WAGTAILADMIN_BASE_URL}{path}?comment={comment.pk}"
    messages = []
    for user in get_user_model().objects.filter(pk__in=ids):
        with translation.override(mail.get_language(user)):
            subject = _("%(name)s has commented on “%(title)s”")
            text = _("%(name)s has commented on the draft of “%(title)s”.")
            values = {"name": name, "title": page.title}
            body = f"{text % values}\n\n{url}\n"
            messages.append((mail.get_address(user), subject % values, body))
    transaction.on_commit(lambda: mail.send_all(messages))


def follow_reply(instance: CommentReply, created: bool, **kwargs: Any) -> None:
    """Tell the guests of a thread that an editor has answered."""
    thread = GuestComment.objects.filter(comment_id=instance.comment_id).first()
    # What a guest answers is told when it is known which guest that was.
    if created and thread is not None and instance.user_id != thread.account_id:
        tell_guests(thread)


def tell_guests(thread: GuestComment, writer: GuestReply | None = None) -> None:
    """Tell all guests who have written in a thread, except for one, that somebody has answered.

    What was answered is behind the link: the message does not say it.
    """
    others = GuestReply.objects.filter(reply__comment_id=thread.pk).order_by("pk")
    rows: list[GuestComment | GuestReply] = [thread, *others]
    addresses = {
        row.email.casefold(): row.email
        for row in rows
        if writer is None or not is_same_guest(row, writer)
    }
    if writer is not None:
        addresses.pop(writer.email.casefold(), None)
    with translation.override(thread.locale):
        values = {"title": thread.comment.page.title}
        subject = _("There is an answer to your comment on “%(title)s”") % values
        text = _(
            "Your comment on the draft of “%(title)s” was answered. Open the link that you were sent to read it."
        )
        messages = [
            (address, subject, f"{text % values}\n") for address in addresses.values()
        ]
    transaction.on_commit(lambda: mail.send_all(messages))
