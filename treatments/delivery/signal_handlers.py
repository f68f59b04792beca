"""Who says that something has changed: the signals of everything that a document can contain.

A change is a row in the transaction of the write, one query whatever the number of documents that it
concerns. What is only saved as a draft is no change. ``queryset.update()`` sends no signal: the
command ``check_documents`` finds what it did.
"""

from __future__ import annotations

import threading
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connections, transaction
from django.db.models.signals import (
    m2m_changed,
    post_delete,
    post_save,
    pre_delete,
    pre_save,
)
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import get_active_log_context
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, Site
from wagtail.signals import page_published, page_unpublished

from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)
from treatments.content import dependencies
from treatments.content.lookups import get_article_models
from treatments.delivery.causes import TELLING_ACTIONS
from treatments.delivery.models import Change
from treatments.delivery.purging import purge_changed
from treatments.models import PublisherSettings
from treatments.ports.followups import follow_up
from treatments.signals import article_states_changed, articles_indexed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db import models

SNIPPETS = (Condition, Contributor, GlossaryTerm, Reference, Treatment)
#: What saving a draft writes to the live row.
DRAFT_FIELDS = frozenset(
    (
        "latest_revision",
        "latest_revision_id",
        "latest_revision_created_at",
        "has_unpublished_changes",
        "draft_title",
        "locked",
        "locked_at",
        "locked_by",
        "approved_go_live_at",
    )
)
#: The attribute of a page that is just being published: the id of its revision.
PUBLISHED = "_published_revision_id"
#: The attribute of what is just being saved outside a transaction: until when that is only announced.
ANNOUNCED = "_announced_until"
#: How long a write may take after it was announced.
ANNOUNCED_FOR = timedelta(seconds=10)
#: Until when the changes that are noted are only announced; None for what is written.
_due_at: ContextVar[datetime | None] = ContextVar("treatments_due_at", default=None)
CHILD_RELATIONS = ("article_conditions", "article_contributors", "related_articles")


def note_changes(
    keys: Iterable[str], action: str, *, revision_id: int | None = None
) -> None:
    """Say that what some keys name has changed; see ``treatments.content.dependencies``.

    Args:
        keys: The keys.
        action: What was done, such as ``save`` or ``move``.
        revision_id: The revision that was published.
    """
    follow_up(write_changes, [(key, action, revision_id) for key in keys])


def write_changes(changes: Iterable[tuple[str, str, int | None]]) -> None:
    """Write what has changed, one query: key, action and revision of each change."""
    now, due_at = timezone.now(), _due_at.get()
    user = get_active_log_context().user
    rows = [
        Change(
            key=key,
            action=action,
            revision_id=revision_id,
            user_id=str(user.pk) if user else "",
            user=user.get_username() if user else "",
            created_at=now,
            due_at=due_at,
        )
        for key, action, revision_id in choose_telling(changes)
    ]
    keys = list(dict.fromkeys(row.key for row in rows))
    if due_at is not None:
        Change.objects.bulk_create(rows)
        return
    with transaction.atomic(savepoint=False):
        Change.objects.bulk_create(rows)
        purge_changed(keys)
    known = getattr(_waiting, "keys", {})
    for key in keys:
        known.pop(key, None)
        known[key] = None
    _waiting.keys = known
    transaction.on_commit(build_changed, robust=True)


def choose_telling(
    changes: Iterable[tuple[str, str, int | None]],
) -> list[tuple[str, str, int | None]]:
    """Return each change once, without those that say less of a key than another one does.

    The rows of a page that is published are saved too.
    """
    changes = list(dict.fromkeys(changes))
    told = {key for key, action, _revision in changes if action in TELLING_ACTIONS}
    return [
        each for each in changes if each[1] in TELLING_ACTIONS or each[0] not in told
    ]


#: What this thread has changed and not yet had built. What a rolled back transaction leaves here does no harm.
_waiting = threading.local()


def build_changed() -> None:
    """Build the documents that contain what a transaction has changed, all at once.

    Called after the commit for each of its changes; the first call finds them all.
    """
    from treatments.delivery.building import enqueue

    # The newest first: what a rolled back transaction has left takes nobody's place.
    keys, _waiting.keys = list(reversed(getattr(_waiting, "keys", {}))), {}
    if keys:
        enqueue(keys)


def note_subtree(path: str, action: str) -> None:
    """Say that a page and all below it have changed, such as their paths."""
    pages = Page.objects.filter(path__startswith=path).order_by()
    keys = pages.values_list("translation_key", flat=True)
    note_changes(map(dependencies.get_page_key, keys.iterator()), action)


def connect() -> None:
    """Connect every signal; called when all models are loaded."""
    # Each page type by itself: a receiver for every model would slow down the deletion of all others.
    for model in (model for model in apps.get_models() if issubclass(model, Page)):
        pre_save.connect(on_page_saving, sender=model)
        post_save.connect(on_page_saved, sender=model)
        pre_delete.connect(on_page_deleting, sender=model)
    page_published.connect(on_page_published)
    page_unpublished.connect(on_page_published)
    for model in get_article_models():
        for name in CHILD_RELATIONS:
            rows = model._meta.get_field(name).related_model
            follow(rows, on_child_changed)
    article_states_changed.connect(on_states_changed)
    articles_indexed.connect(on_articles_indexed)
    for model in SNIPPETS:
        follow(model, on_snippet_changed)
    follow(get_image_model(), on_image_changed)
    rendition = get_image_model().get_rendition_model()
    post_delete.connect(on_rendition_deleted, sender=rendition)
    follow(get_document_model(), on_document_changed)
    for model, key in (
        (Promotion, dependencies.PROMOTIONS),
        (Site, dependencies.SITES),
        (Locale, dependencies.LOCALES),
        (PublisherSettings, dependencies.SETTINGS),
        (Collection, dependencies.COLLECTIONS),
        (CollectionViewRestriction, dependencies.COLLECTIONS),
    ):
        follow(model, partial(on_shared_changed, key=key))
    m2m_changed.connect(on_promotion_locales_changed, sender=Promotion.locales.through)


#: Receivers are held weakly by their signals.
_receivers: list[Any] = []


def follow(model: type[models.Model], receiver: Any) -> None:
    """Connect a receiver to all writes of a model.

    A model that is saved outside a transaction is committed before ``post_save``: the change is announced
    before the write too, so that a process that dies between the two leaves a note.
    """

    def before(instance: Any, using: str, **kwargs) -> None:
        if connections[using].in_atomic_block:
            return
        due_at = timezone.now() + ANNOUNCED_FOR
        token = _due_at.set(due_at)
        try:
            receiver(instance=instance, **kwargs)
        finally:
            _due_at.reset(token)
        setattr(instance, ANNOUNCED, due_at)

    def after(instance: Any, **kwargs) -> None:
        due_at = vars(instance).pop(ANNOUNCED, None)
        if due_at is None:
            receiver(instance=instance, **kwargs)
            return
        with transaction.atomic():
            receiver(instance=instance, **kwargs)
            # Both are one change: they are built once. It is not deleted, since lists count what waits.
            announced = Change.objects.filter(due_at=due_at, generation__isnull=True)
            announced.update(due_at=None)

    _receivers.extend((before, after))
    for signal in (pre_save, pre_delete):
        signal.connect(before, sender=model)
    for signal in (post_save, post_delete):
        signal.connect(after, sender=model)


def is_draft_write(update_fields: Any) -> bool:
    """Tell whether a write only keeps the books of a draft."""
    return update_fields is not None and set(update_fields) <= DRAFT_FIELDS


def note_pages(page_ids: list[int], action: str) -> None:
    """Say that some pages have changed."""
    pages = Page.objects.filter(pk__in=page_ids).order_by()
    keys = pages.values_list("translation_key", flat=True)
    note_changes(map(dependencies.get_page_key, keys), action)


def note_page(page: Page, action: str, revision_id: int | None = None) -> None:
    """Say that one page has changed."""
    key = dependencies.get_page_key(page.translation_key)
    note_changes([key], action, revision_id=revision_id)


def on_page_saving(
    instance: Any, raw: bool = False, update_fields: Any = None, **kwargs
) -> None:
    """Note all pages below a page that gets another address, and remember which revision goes live.

    Wagtail's own signals of a slug and of a move are sent after the commit.
    """
    instance.__dict__.pop(PUBLISHED, None)
    if raw or not instance.pk:
        return
    is_whole = update_fields is None
    may_move = instance.numchild and (is_whole or "url_path" in update_fields)
    may_publish = is_whole and instance.live and instance.live_revision_id
    if not (may_move or may_publish):
        return
    stored = Page.objects.filter(pk=instance.pk)
    path, revision_id = stored.values_list("url_path", "live_revision_id").first() or (
        None,
        None,
    )
    if may_move and instance.url_path != path:
        note_subtree(instance.path, "move")
    if may_publish and instance.live_revision_id != revision_id:
        setattr(instance, PUBLISHED, instance.live_revision_id)


def on_page_saved(
    instance: Any,
    created: bool = False,
    update_fields: Any = None,
    **kwargs,
) -> None:
    """Note a page of any type, unless it is new and a draft, or only its draft was saved.

    Whoever writes ``live=False`` is followed like whoever publishes.
    """
    if is_draft_write(update_fields):
        return
    if created and not instance.live:
        return
    is_publication = PUBLISHED in vars(instance)
    action = "publish" if is_publication else "save"
    note_page(instance, action, instance.live_revision_id)


def on_page_deleting(instance: Any, **kwargs) -> None:
    """Note a page that is deleted, while its translations still know its key."""
    note_page(instance, "delete")


def on_page_published(instance: Page, revision: Any = None, **kwargs) -> None:
    """Note a publication with its revision, unless that was done when the page was saved, or its end."""
    if instance.live and revision and vars(instance).get(PUBLISHED) == revision.pk:
        return
    action = "publish" if instance.live else "unpublish"
    note_page(instance, action, revision.pk if revision else None)


def on_child_changed(instance: Any, **kwargs) -> None:
    """Note the page of a row that says who wrote it, what it is about or what is related."""
    if instance._meta.get_field("page").is_cached(instance):
        # Saved together with its page, which is at hand.
        note_page(instance.page, "save")
    else:
        follow_up(note_rows, [instance.page_id])


def note_rows(page_ids: list[int]) -> None:
    """Note the pages whose rows have changed."""
    note_pages(page_ids, "save")


def on_states_changed(page_ids: Iterable[int], **kwargs) -> None:
    """Note the pages whose review or translation stands otherwise now."""
    note_pages(list(page_ids), "change_state")


def on_articles_indexed(**kwargs) -> None:
    """Note that lists show other articles, or in another order."""
    note_changes([dependencies.LISTS], "index")


def on_snippet_changed(instance: Any, update_fields: Any = None, **kwargs) -> None:
    """Note a snippet in all its languages."""
    if not is_draft_write(update_fields):
        note_changes([dependencies.get_instance_key(instance)], "save")


def on_image_changed(instance: Any, **kwargs) -> None:
    """Note an image that exists already."""
    if instance.pk:
        note_changes([dependencies.get_image_key(instance.pk)], "save")


def on_rendition_deleted(instance: Any, **kwargs) -> None:
    """Note the image of a rendition whose address leads nowhere now."""
    note_changes([dependencies.get_image_key(instance.image_id)], "delete_rendition")


def on_document_changed(instance: Any, **kwargs) -> None:
    """Note an uploaded document that exists already."""
    if instance.pk:
        note_changes([dependencies.get_document_key(instance.pk)], "save")


def on_shared_changed(
    instance: Any, key: str, update_fields: Any = None, **kwargs
) -> None:
    """Note what concerns all documents, or all with a file."""
    if not is_draft_write(update_fields):
        note_changes([key], "save")


def on_promotion_locales_changed(action: str, **kwargs) -> None:
    """Note that a promotion is shown in other languages."""
    if action.startswith("post_"):
        note_changes([dependencies.PROMOTIONS], "save")
