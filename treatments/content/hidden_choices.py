"""What of an article's choices readers would not get, and why: looked at before each publication."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import pre_save
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry, Page, TranslatableMixin

from treatments.content.choices import Choice, iterate_choices
from treatments.content.lookups import get_article_models
from treatments.content.visibility import (
    build_public_file_condition,
    get_public_pages,
    is_published,
)
from treatments.ports.publication import (
    PublicationRefusedError,
    find_passage,
    register_publication_check,
    register_publication_warning,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import Model

#: How the API warns of what readers do not get.
CHOICES_HIDDEN = "choices-hidden"


class Reason(StrEnum):
    """Why readers do not get something."""

    DRAFT = "draft"
    UNPUBLISHED = "unpublished"
    EXPIRED = "expired"
    PRIVATE = "private"
    DELETED = "deleted"


REASON_WORDS = {
    Reason.DRAFT: gettext_lazy("is a draft"),
    Reason.UNPUBLISHED: gettext_lazy("is not published any more"),
    Reason.EXPIRED: gettext_lazy("has expired"),
    Reason.PRIVATE: gettext_lazy("is private"),
    Reason.DELETED: gettext_lazy("was deleted"),
}


@dataclass(frozen=True, slots=True)
class HiddenChoice:
    """A choice that readers would not get.

    Attributes:
        choice: What was chosen, and where.
        name: What people call it.
        reason: Why readers would not get it.
        stops: Whether the article cannot be published without it.
    """

    choice: Choice
    name: str
    reason: Reason
    stops: bool

    def describe(self) -> str:
        """Return the place, the thing and the reason as one sentence."""
        return _("%(place)s: “%(name)s” (%(kind)s) %(reason)s.") % {
            "place": self.choice.place,
            "name": self.name,
            "kind": self.choice.model._meta.verbose_name,
            "reason": REASON_WORDS[self.reason],
        }

    def represent(self) -> dict[str, Any]:
        """Return what the API says about it."""
        return {
            "pointer": self.choice.pointer,
            "place": self.choice.place,
            "type": self.choice.model._meta.label,
            "id": self.choice.pk,
            "name": self.name,
            "reason": self.reason.value,
        }


class HiddenChoiceError(PublicationRefusedError):
    """Readers would miss something that an article cannot do without."""

    problem_slug = "choices-hidden"

    def __init__(self, hidden: Iterable[HiddenChoice]):
        self.hidden = list(hidden)
        self.extra = {"places": [each.represent() for each in self.hidden]}
        super().__init__(
            _(
                "Readers would not get what this article needs. %(places)s Publish it, or choose another one."
            )
            % {"places": " ".join(self.describe())}
        )

    def describe(self) -> list[str]:
        """Return each choice with its place and the reason."""
        return [each.describe() for each in self.hidden]


def connect() -> None:
    """Look at the choices before each publication; called when all models are loaded."""
    register_publication_check(check_choices)
    register_publication_warning(find_warning)
    for model in get_article_models():
        pre_save.connect(
            guard_save, sender=model, dispatch_uid="treatments.hidden_choices"
        )


def guard_save(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Look at what goes live by whatever path, while it is saved.

    A new article begins as a draft then: Wagtail saves it, and a copy, as public before anybody is asked
    whether it may be published.

    Raises:
        HiddenChoiceError: see ``check_choices``.
    """
    if raw or not instance.live or instance.alias_of_id is not None:
        return
    if instance._state.adding:
        try:
            check_choices(instance)
        except HiddenChoiceError:
            instance.live, instance.has_unpublished_changes = False, True
        return
    fields = kwargs.get("update_fields")
    is_shown = fields is None or {"live", "live_revision"} & set(fields)
    if is_shown and not find_passage(instance) and not is_same_version(instance):
        check_choices(instance)


def is_same_version(page: Any) -> bool:
    """Tell whether the public reads that version of a page already that it is saved with."""
    known = Page.objects.filter(
        pk=page.pk, live=True, live_revision_id=page.live_revision_id, alias_of=None
    )
    return known.exists()


def check_choices(page: Any) -> None:
    """Refuse an article of which readers would miss something required.

    Raises:
        HiddenChoiceError: naming each.
    """
    missing = [each for each in find_hidden_choices(page) if each.stops]
    if missing:
        raise HiddenChoiceError(missing)


def find_warning(page: Any) -> str:
    """Return a word for programs where readers do not get everything that a published article has chosen."""
    return CHOICES_HIDDEN if find_hidden_choices(page) else ""


def find_hidden_choices(page: Any) -> list[HiddenChoice]:
    """Return the choices of an article that readers would not get, in reading order.

    An alias is not looked at: it shows what its source shows. The number of queries depends on the kinds of
    things that were chosen.

    Args:
        page: The article as it would be published.
    """
    if page.alias_of_id is not None:
        return []
    choices = [
        each
        for each in iterate_choices(page)
        # What leads to the article itself is public as soon as that is.
        if not (each.model is Page and each.pk == page.pk)
    ]
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for each in choices:
        wanted[each.model].add(each.pk)
    states = {
        model: find_states(model, pks, page.locale_id) for model, pks in wanted.items()
    }
    hidden = {
        each: state
        for each in choices
        if (state := states[each.model].get(each.pk)) is not None
    }
    return [
        HiddenChoice(choice, name, reason, is_missed(choice, choices, hidden))
        for choice, (name, reason) in hidden.items()
    ]


def is_missed(choice: Choice, choices: list[Choice], hidden: dict[Choice, Any]) -> bool:
    """Tell whether an article makes no sense without something that readers would not get.

    A link to another page is never required: two articles that lead to each other could not be published.
    """
    if issubclass(choice.model, Page):
        return False
    if not choice.list_path:
        return choice.is_required
    shown = [
        each
        for each in choices
        if each.list_path == choice.list_path and each not in hidden
    ]
    return len(shown) < choice.least


State = tuple[str, Reason]


def find_states(
    model: type[Model], pks: set[Any], locale_id: int
) -> dict[Any, State | None]:
    """Return for each id the name and the reason why readers of a language do not get it, or None."""
    if issubclass(model, Page):
        return find_page_states(pks, locale_id)
    if model in (get_image_model(), get_document_model()):
        return find_file_states(model, pks)
    return find_object_states(model, pks, locale_id)


def build_gone(model: type[Model], pks: Collection[Any]) -> dict[Any, State | None]:
    """Return the state of what exists no longer: under its last name in the log, or else its id."""
    names = find_last_names(model, pks) if pks else {}
    return {
        pk: (names.get(str(pk)) or f"{model._meta.verbose_name} {pk}", Reason.DELETED)
        for pk in pks
    }


def find_last_names(model: type[Model], pks: Collection[Any]) -> dict[str, str]:
    """Return what the log calls things of a model: id as text → name. One query."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
        object_id__in=[str(pk) for pk in pks],
    )
    return dict(entries.order_by("timestamp").values_list("object_id", "label"))


def find_page_states(pks: set[Any], locale_id: int) -> dict[Any, State | None]:
    """Return the states of pages; readers get a page in their language, or the chosen one."""
    pages = {page.pk: page for page in Page.objects.filter(pk__in=pks)}
    keys = {page.translation_key for page in pages.values()}
    own = Q(translation_key__in=keys, locale_id=locale_id, alias_of__isnull=True)
    public = get_public_pages().filter(Q(pk__in=pks) | own)
    rows = list(public.values_list("pk", "translation_key", "locale_id", "alias_of_id"))
    public_ids = {pk for pk, *_rest in rows}
    public_keys = {
        key for _pk, key, locale, alias in rows if locale == locale_id and not alias
    }
    return build_gone(Page, pks - pages.keys()) | {
        pk: None
        if pk in public_ids or page.translation_key in public_keys
        else (page.get_admin_display_title(), explain_draft(page))
        for pk, page in pages.items()
    }


def explain_draft(instance: Any) -> Reason:
    """Return why readers do not get something that exists and is in no private collection."""
    ends_at = getattr(instance, "expire_at", None)
    has_ended = ends_at is not None and ends_at <= timezone.now()
    if getattr(instance, "expired", False) or has_ended:
        return Reason.EXPIRED
    if getattr(instance, "live", False):
        return Reason.PRIVATE
    was_public = getattr(instance, "first_published_at", None) is not None
    return Reason.UNPUBLISHED if was_public else Reason.DRAFT


def find_file_states(model: type[Model], pks: set[Any]) -> dict[Any, State | None]:
    """Return the states of images or documents."""
    files = model._default_manager.filter(pk__in=pks)
    found = {each.pk: each for each in files}
    public = set(files.filter(build_public_file_condition()).values_list("pk", flat=True))  # fmt: skip
    return build_gone(model, pks - found.keys()) | {
        pk: None if pk in public else (str(each), Reason.PRIVATE)
        for pk, each in found.items()
    }


def find_object_states(
    model: type[Model], pks: set[Any], locale_id: int
) -> dict[Any, State | None]:
    """Return the states of snippets; readers get an entry in their language, or the chosen one."""
    manager: Any = model._default_manager
    chosen = {each.pk: each for each in manager.filter(pk__in=pks)}
    own_keys = set()
    if issubclass(model, TranslatableMixin):
        keys = {each.translation_key for each in chosen.values()}
        own = manager.filter(translation_key__in=keys, locale_id=locale_id)
        own_keys = {each.translation_key for each in own if is_published(each)}
    return build_gone(model, pks - chosen.keys()) | {
        pk: None
        if is_published(each) or getattr(each, "translation_key", None) in own_keys
        else (
            str(each),
            # A vocabulary has no drafts; one that is not public waits for its translator.
            explain_draft(each) if hasattr(each, "live") else Reason.DRAFT,
        )
        for pk, each in chosen.items()
    }
