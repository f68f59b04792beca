"""Who calls the indexing: the signals of articles, their conditions, the vocabularies and the states.

A page and its child rows are saved one after the other, and each sends a signal: what they concern is
indexed once, when all of them are written. See ``treatments.ports.followups``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction, Page, ReferenceIndex

from snippets.models import Condition, GlossaryTerm, Treatment, VocabularyMixin
from treatments.content.lookups import get_article_models
from treatments.models import IndexedArticle
from treatments.models.own_fields import get_blocks
from treatments.ports.followups import follow_up
from treatments.search.backends import get_backend
from treatments.search.index.entries import PAGE_FIELDS
from treatments.search.index.indexing import index_articles, index_versions
from treatments.signals import article_states_changed

if TYPE_CHECKING:
    from collections.abc import Iterable

#: An update of other fields, such as the date of the latest draft, changes nothing here.
FOLLOWED_FIELDS = frozenset(
    (
        *PAGE_FIELDS,
        "live",
        "locale",
        "treatment_id",
        "alias_of",
        "alias_of_id",
    )
)
NAME_FIELDS = ("name", "also_known_as", "is_public", "translation_key")


def connect() -> None:
    """Connect every signal; called when all models are loaded."""
    models = get_article_models()
    for model in (Page, *models):
        post_save.connect(on_article_saved, sender=model)
    for model in models:
        post_delete.connect(on_article_deleted, sender=model)
        rows = model._meta.get_field("article_conditions").related_model
        post_save.connect(on_condition_chosen, sender=rows)
        post_delete.connect(on_condition_removed, sender=rows)
    for vocabulary in (Treatment, Condition):
        pre_save.connect(on_vocabulary_saving, sender=vocabulary)
        post_save.connect(on_vocabulary_saved, sender=vocabulary)
        post_delete.connect(on_vocabulary_deleted, sender=vocabulary)
    image_model = get_image_model()
    post_save.connect(on_image_changed, sender=image_model)
    post_delete.connect(on_image_changed, sender=image_model)
    post_save.connect(on_collection_saved, sender=Collection)
    post_save.connect(on_restriction_changed, sender=CollectionViewRestriction)
    post_delete.connect(on_restriction_changed, sender=CollectionViewRestriction)
    post_delete.connect(on_term_deleted, sender=GlossaryTerm)
    post_delete.connect(on_entry_deleted, sender=IndexedArticle)
    article_states_changed.connect(on_states_changed)


def is_article(page: Page) -> bool:
    """Tell whether a page, specific or not, is an article."""
    return issubclass(page.cached_content_type.model_class() or Page, _get_models())


def _get_models() -> tuple[type, ...]:
    return tuple(get_article_models())


def update_index(names: Iterable[int | UUID]) -> None:
    """Index the pages with some ids, and how those with some translation keys stand now."""
    ids, keys = [], []
    for name in names:
        (keys if isinstance(name, UUID) else ids).append(name)
    if keys:
        index_versions(ids, keys)
    else:
        index_articles(ids)


def on_article_saved(
    instance: Page,
    created: bool = False,
    raw: bool = False,
    update_fields: frozenset[str] | None = None,
    **kwargs,
) -> None:
    """Index an article and its translations, unless it is new and a draft."""
    is_draft = created and not instance.live
    followed = FOLLOWED_FIELDS.union(get_blocks(type(instance)))
    is_bookkeeping = update_fields is not None and followed.isdisjoint(update_fields)
    if not (raw or is_draft or is_bookkeeping) and is_article(instance):
        follow_up(update_index, [instance.pk, instance.translation_key])


def on_article_deleted(instance: Page, **kwargs) -> None:
    """Index the translations of a deleted article, after the transaction: some may go with it."""
    if is_article(instance):
        versions = Page.objects.filter(translation_key=instance.translation_key)
        others = list(versions.exclude(pk=instance.pk).values_list("pk", flat=True))
        if others:
            transaction.on_commit(partial(index_articles, others))


def on_condition_chosen(instance: Any, raw: bool = False, **kwargs) -> None:
    """Index an article that has another condition, or has one no longer."""
    if not raw:
        follow_up(update_index, [instance.page_id])


def on_condition_removed(instance: Any, origin: Any = None, **kwargs) -> None:
    """Index an article that has lost a condition, unless the article itself is being deleted."""
    model = origin.model if isinstance(origin, QuerySet) else type(origin)
    if model is type(instance):
        on_condition_chosen(instance)


def on_vocabulary_saving(
    instance: VocabularyMixin, raw: bool = False, **kwargs
) -> None:
    """Note whether the names change."""
    stored = type(instance)._default_manager.filter(pk=instance.pk)
    values = tuple(getattr(instance, name) for name in NAME_FIELDS)
    instance._names_change = not raw and values not in stored.values_list(*NAME_FIELDS)  # ty: ignore


def on_vocabulary_saved(instance: VocabularyMixin, **kwargs) -> None:
    """Index the articles that a treatment or a condition gives other names."""
    if instance._names_change:  # ty: ignore
        index_articles(find_users(instance.translation_key))


def on_vocabulary_deleted(instance: VocabularyMixin, **kwargs) -> None:
    """Index the articles that had the name of a deleted translation."""
    index_articles(find_users(instance.translation_key))


def on_term_deleted(instance: GlossaryTerm, **kwargs) -> None:
    """Index the articles that used a deleted glossary term."""
    users = IndexedArticle.objects.filter(terms__term_key=instance.translation_key)
    index_articles(list(users.values_list("pk", flat=True)))


def on_image_changed(
    instance: Any, created: bool = False, raw: bool = False, **kwargs
) -> None:
    """Index the articles with an image: words about one that readers do not get are not found."""
    if not (created or raw):
        index_images([instance.pk])


def on_collection_saved(instance: Collection, created: bool = False, **kwargs) -> None:
    """Index the articles with images of a collection, after the transaction: it may be moved in it."""
    if not created:
        transaction.on_commit(partial(index_collection, instance.pk))


def on_restriction_changed(
    instance: CollectionViewRestriction, raw: bool = False, **kwargs
) -> None:
    """Index the articles with images of a collection that is private now, or is no longer."""
    if not raw:
        index_collection(instance.collection_id)


def index_collection(pk: int) -> None:
    """Index the articles with images of a collection and of those below it."""
    path = Collection.objects.filter(pk=pk).values_list("path", flat=True).first()
    if path:
        images = get_image_model()._default_manager.filter(collection__path__startswith=path)  # fmt: skip
        index_images(images.values_list("pk", flat=True))


def index_images(image_ids: Iterable[int]) -> None:
    """Index the articles that have one of some images, by Wagtail's reference index."""
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        to_content_type=ContentType.objects.get_for_model(get_image_model()),
        to_object_id__in=[str(pk) for pk in image_ids],
    )
    page_ids = {int(pk) for pk in references.values_list("object_id", flat=True)}
    if page_ids:
        follow_up(update_index, sorted(page_ids))


def find_users(key: Any) -> list[int]:
    """Return the ids of the articles about a treatment or a condition."""
    users = IndexedArticle.objects.filter(
        Q(treatment_key=key) | Q(conditions__condition_key=key)
    )
    return list(users.values_list("pk", flat=True).distinct())


def on_entry_deleted(instance: IndexedArticle, **kwargs) -> None:
    """Take an article out of the search."""
    get_backend().remove([instance.pk])


def on_states_changed(page_ids: Iterable[int], **kwargs) -> None:
    """Index the articles whose review or translation stands otherwise now."""
    follow_up(update_index, page_ids)
