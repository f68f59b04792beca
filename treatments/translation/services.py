"""Submit, stage and publish translations without ever showing readers unfinished work.

wagtail-localize's own actions publish untranslated English, overwrite live rows with drafts and
re-enable stopped translations. These functions keep its records and segments, and add the promises:

- a first submission makes a draft; a second one touches nothing that exists but the source's segments;
- staging writes a revision, never the live row;
- publishing needs every segment translated and a page that validates, under the user's permissions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models, transaction
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.coreutils import find_available_slug
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    Page,
    ReferenceIndex,
    TranslatableMixin,
)
from wagtail.permissions import policy_registry
from wagtail_localize.models import (
    MissingRelatedObjectError,
    Translation,
    TranslationLog,
    TranslationSource,
)

from snippets.models import VocabularyMixin
from treatments.content.incomplete_drafts import IncompleteDraftError
from treatments.ports.publication import PublicationRefusedError
from treatments.translation.errors import IncompleteTranslationError, TranslationError
from treatments.translation.segments import find_losses
from treatments.translation.validation import explain_invalid, validate_translation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    User = AbstractBaseUser | AnonymousUser


@transaction.atomic
def submit_translation(
    instance: models.Model,
    locales: Iterable[Locale],
    user: User | None = None,
    include_related: bool = True,
) -> list[Translation]:
    """Make ``instance`` ready for translators; return the translations into ``locales``.

    A translation that exists is returned as it is: its strings, its page, and whether it was stopped.

    Raises:
        PermissionDenied: ``user`` may not change the instance.
        TranslationError: the parent page has no translation yet.
    """
    if isinstance(instance, Page):
        instance = instance.specific
    check_may_change(instance, user)
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    locales = [locale for locale in locales if locale.pk != source.locale_id]
    if include_related:
        for related in find_related_instances(instance):
            missing = [
                locale for locale in locales if not related.has_translation(locale)
            ]
            if missing:
                submit_translation(related, missing, include_related=False)
    return [
        get_or_create_translation(source, instance, locale, user) for locale in locales
    ]


def find_related_instances(instance: models.Model) -> list[TranslatableMixin]:
    """Return the translatable snippets in the same language that an instance uses, in text too."""
    found = {}
    for reference in ReferenceIndex.get_references_for_object(instance):
        model = reference.to_content_type.model_class()
        if (
            model is not None
            and issubclass(model, TranslatableMixin)
            and not issubclass(model, Page)
        ):
            key = (model, reference.to_object_id)
            if key not in found:
                found[key] = model._default_manager.filter(
                    pk=reference.to_object_id,
                    locale_id=instance.locale_id,  # ty: ignore[missing-attribute]
                ).first()
    return [related for related in found.values() if related is not None]


def get_or_create_translation(
    source: TranslationSource,
    instance: models.Model,
    locale: Locale,
    user: User | None,
) -> Translation:
    """Return the translation into a locale; a new one gets a draft to work on."""
    target = find_target(source, locale)
    is_alias = isinstance(target, Page) and target.alias_of_id is not None
    has_content = target is not None and not is_alias
    translation, _created = Translation.objects.get_or_create(
        source=source, target_locale=locale, defaults={"enabled": not has_content}
    )
    if has_content:
        # Not for us to replace. Where it was made by hand, its own editor stays in place too.
        return translation
    if is_alias and target.live:
        # An alias shows the source's text. It goes offline until it is a translation.
        check_may_publish(target, user)
        target.unpublish(user=user)
    parent = instance.get_parent() if isinstance(instance, Page) else None
    is_parent_missing = (
        parent is not None
        and not parent.is_root()
        and parent.get_translation_or_none(locale) is None
    )
    if is_parent_missing:
        raise TranslationError(
            _("“%(parent)s” has no %(language)s translation yet. Translate it first.")
            % {"parent": parent.title, "language": locale.get_display_name()}
        )
    has_drafts = isinstance(instance, DraftStateMixin)
    source.create_or_update_translation(
        locale, user=user, publish=not has_drafts, fallback=True
    )
    if isinstance(instance, VocabularyMixin):
        type(instance).objects.filter(
            translation_key=instance.translation_key, locale=locale
        ).update(is_public=False)
    return translation


def find_target(source: TranslationSource, locale: Locale) -> Any:
    """Return the instance in another locale, or None where there is none."""
    try:
        return source.get_translated_instance(locale)
    except ObjectDoesNotExist:
        return None


@transaction.atomic
def update_source(source: TranslationSource, user: User | None = None) -> None:
    """Take over the source's present content: new segments wait for translators, targets stay."""
    instance = source.get_source_instance()
    check_may_change(instance, user)
    TranslationSource.update_or_create_from_instance(instance)


@transaction.atomic
def stage_translation(translation: Translation, user: User | None = None) -> Any:
    """Write the translation as a draft revision and return it; the live page does not change.

    Segments without a translation are in the source language in the draft.

    Raises:
        PermissionDenied: ``user`` may not change the translated instance.
    """
    target = build_translated_instance(translation)
    check_may_change(target, user)
    check_not_locked(target, user)
    if not isinstance(target, DraftStateMixin):
        raise TranslationError(
            _(
                "These entries have no drafts: publish the translation when it is complete."
            )
        )
    revision = target.save_revision(user=user, clean=False)
    TranslationLog.objects.create(
        source=translation.source, locale=translation.target_locale, revision=revision
    )
    return revision


def check_texts(translation: Translation) -> None:
    """Check that every text of a translation is there, and keeps what it has to keep.

    Raises:
        IncompleteTranslationError: segments are missing.
        TranslationError: the translation was stopped, or a text lacks something that it has to keep.
    """
    if not translation.enabled:
        raise TranslationError(
            _("This translation was stopped. Nothing was published.")
        )
    for text, reason in find_losses(translation):
        raise TranslationError(
            _("“%(text)s”: %(reason)s Nothing was published.")
            % {"text": text, "reason": reason}
        )
    total, done = translation.get_progress()
    if done < total:
        message = ngettext(
            "%(missing)d of %(total)d text is not translated yet. Nothing was published.",
            "%(missing)d of %(total)d texts are not translated yet. Nothing was published.",
            total - done,
        )
        raise IncompleteTranslationError(
            message % {"missing": total - done, "total": total}
        )


@transaction.atomic
def publish_translation(
    translation: Translation, user: User | None = None
) -> models.Model:
    """Publish the translation and return the public instance.

    Raises:
        PermissionDenied: ``user`` may not publish the translated instance.
        IncompleteTranslationError: segments are missing.
        TranslationError: the page does not validate.
    """
    check_texts(translation)
    try:
        target = build_translated_instance(translation, fallback=False)
    except MissingRelatedObjectError as error:
        related = error.segment.object.get_instance_or_none(translation.source.locale)
        raise IncompleteTranslationError(
            _(
                "“%(related)s”, which this page uses, is not translated yet. Nothing was published."
            )
            % {"related": related}
        ) from error
    check_may_publish(target, user)
    check_not_locked(target, user)
    check_related(translation)
    validate_translation(translation, target)
    revision = None
    if isinstance(target, DraftStateMixin):
        revision = target.save_revision(user=user, clean=False)
    # Before it is published: whoever hears of that asks the log what it was made from.
    TranslationLog.objects.create(
        source=translation.source, locale=translation.target_locale, revision=revision
    )
    if revision is not None:
        try:
            revision.publish(user=user)
        except IncompleteDraftError as error:
            message = explain_invalid(" ".join(error.describe()))
            raise TranslationError(message) from error
        except PublicationRefusedError as error:
            raise TranslationError(str(error)) from error
        target.refresh_from_db()
    else:
        target.is_public = True
        target.save()
    if isinstance(target, Page):
        translation.source.update_target_view_restrictions(translation.target_locale)
    return target


def build_translated_instance(translation: Translation, fallback: bool = True) -> Any:
    """Return the translated instance with what is translated so far; nothing is saved."""
    target = translation.source.get_ephemeral_translated_instance(
        translation.target_locale, fallback=fallback
    )
    if isinstance(target, Page):
        target.alias_of_id = None
        target.slug = find_available_slug(
            target.get_parent(), slugify(target.slug), ignore_page_id=target.pk
        )
        if target.draft_title != target.title:
            target.draft_title = target.title
    return target


def check_related(translation: Translation) -> None:
    """Refuse to publish while something that the page uses is not public in the language.

    Raises:
        IncompleteTranslationError: naming it.
    """
    source = translation.source.get_source_instance()
    for related in find_related_instances(source):
        target = related.get_translation_or_none(translation.target_locale)
        if target is None or not is_public(target):
            if not is_public(related):
                continue
            raise IncompleteTranslationError(
                _(
                    "“%(related)s”, which this page uses, is not translated yet. Nothing was published."
                )
                % {"related": related}
            )


def is_public(snippet: Any) -> bool:
    """Tell whether readers see a snippet."""
    return getattr(snippet, "live", True) and getattr(snippet, "is_public", True)


def check_not_locked(instance: models.Model, user: User | None) -> None:
    """Refuse to write what somebody else has locked, or what is in moderation.

    Raises:
        TranslationError: with Wagtail's own explanation.
    """
    lock = instance.get_lock() if isinstance(instance, LockableMixin) else None
    if lock is None or (user is not None and not lock.for_user(user)):
        return
    message = strip_tags(str(lock.get_message(user))) if user is not None else ""
    raise TranslationError(
        message or _("The translation is locked. Nothing was published.")
    )


def check_may_change(instance: models.Model, user: User | None) -> None:
    """Refuse a user who may not change the instance; no user means the system itself."""
    if user is None:
        return
    if isinstance(instance, Page):
        allowed = instance.permissions_for_user(user).can_edit()
    else:
        allowed = policy_registry.get_by_type(type(instance)).user_has_permission(
            user, "change"
        )
    if not allowed:
        raise PermissionDenied


def check_may_publish(instance: models.Model, user: User | None) -> None:
    """Refuse a user who may not publish the instance; no user means the system itself."""
    if user is None:
        return
    if isinstance(instance, Page):
        allowed = instance.permissions_for_user(user).can_publish()
    else:
        action = "publish" if isinstance(instance, DraftStateMixin) else "change"
        allowed = policy_registry.get_by_type(type(instance)).user_has_permission(
            user, action
        )
    if not allowed:
        raise PermissionDenied
