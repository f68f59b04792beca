"""Who decides: users and guests as the person behind them, and whether that person wrote the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from snippets.models import Contributor
from treatments.review.authors import find_authors
from treatments.review.models import Reviewer

if TYPE_CHECKING:
    from wagtail.models import Revision

    from treatments.ports.drafts import DraftGrant
    from treatments.review.policies import ReviewPolicy


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who decides or comments.

    Attributes:
        person: The same for the same person whatever the way: see ``Decision.person``.
        name: As others see it.
        user_id: The account; empty for a guest.
        link_id: The draft link of a guest.
        sharer_id: The user who shared it.
        email: Where it is known.
        is_addressed: Whether the guest's link was sent to that address only.
        contributor_id: The person's entry among the contributors.
        key: Translation key of that entry, as text.
        role: Of that entry.
        credentials: Of that entry.
    """

    person: str
    name: str
    user_id: str = ""
    link_id: int | None = None
    sharer_id: str = ""
    email: str = ""
    is_addressed: bool = False
    contributor_id: int | None = None
    key: str = ""
    role: str = ""
    credentials: str = ""


def describe_contributor(contributor: Contributor | None) -> dict[str, Any]:
    """Return what an actor takes over from a contributor: a role only from one who is published."""
    if contributor is None:
        return {}
    known = {"contributor_id": contributor.pk, "key": str(contributor.translation_key)}
    if contributor.live:
        known |= {"role": contributor.role, "credentials": contributor.credentials}
    return known


def get_user_actor(user: Any) -> Actor:
    """Return the person behind an account."""
    reviewer = Reviewer.objects.filter(user=user).select_related("contributor").first()
    contributor = reviewer.contributor if reviewer else None
    known = describe_contributor(contributor)
    return Actor(
        person=f"contributor:{known['key']}" if known else f"user:{user.pk}",
        name=contributor.name if contributor else get_user_name(user),
        user_id=str(user.pk),
        email=get_user_address(user),
        **known,
    )


def get_guest_actor(grant: DraftGrant) -> Actor:
    """Return the person behind a draft link."""
    contributor = Contributor.objects.filter(pk=grant.contributor_id).first()
    known = describe_contributor(contributor)
    return Actor(
        person=f"contributor:{known['key']}" if known else f"link:{grant.link_id}",
        name=contributor.name if contributor else grant.recipient_name,
        link_id=grant.link_id,
        sharer_id=str(grant.sharer_id or ""),
        email=grant.recipient_email,
        is_addressed=grant.is_sent_only,
        **known,
    )


def get_user_name(user: Any) -> str:
    """Return the name of a user as others see it."""
    return user.get_full_name().strip() or user.get_username()


def get_user_address(user: Any) -> str:
    """Return the e-mail address of a user; empty where there is none."""
    return getattr(user, user.get_email_field_name(), "") or ""


def explain_authorship(
    actor: Actor, page: Any, revision: Revision | None = None
) -> str:
    """Return why somebody counts as an author of a text, as a sentence for that person; empty where not.

    Args:
        actor: Who would approve.
        page: The article as it would be approved.
        revision: What it was made from.
    """
    own = _(
        "You have worked on this text since its last review. Somebody else has to approve it."
    )
    authors = find_authors(page, revision)
    if actor.user_id in {str(pk) for pk in authors}:
        return own
    addresses = [actor.email]
    if actor.key:
        profiles = Reviewer.objects.filter(contributor__translation_key=actor.key)
        if profiles.filter(user__in=authors).exists():
            return own
        addresses += [
            each.get_address() for each in profiles.select_related("user").order_by()
        ]
        listed = [row.contributor_id for row in page.article_contributors.all()]
        named = Contributor.objects.filter(pk__in=listed, translation_key=actor.key)
        if named.exists():
            return _(
                "You are named as an author of this article. Somebody else has to approve it."
            )
    for user in get_user_model().objects.filter(pk__in=authors):
        address = get_user_address(user)
        if any(is_same_address(each, address) for each in addresses):
            return own
        is_guest = actor.link_id is not None
        if is_guest and actor.name.casefold() == get_user_name(user).casefold():
            return own
    return ""


def is_known(actor: Actor, policy: ReviewPolicy) -> bool:
    """Tell whether it is known well enough who somebody is, so that what is decided counts as that person's.

    Whoever has an account is. A guest is where the policy lets guests count, by a link that was sent to an
    address that is on record for the contributor (see ``Reviewer``), and that whoever shared it never saw.
    """
    if actor.link_id is None:
        return True
    if policy.guests != "count" or not actor.is_addressed or not actor.key:
        return False
    reviewers = Reviewer.objects.filter(
        contributor__translation_key=actor.key
    ).select_related("user")
    return any(is_same_address(actor.email, each.get_address()) for each in reviewers)


def is_same_address(one: str, other: str) -> bool:
    """Tell whether two e-mail addresses lead to the same person; nothing leads nowhere."""
    return bool(one and other) and one.casefold() == other.casefold()
