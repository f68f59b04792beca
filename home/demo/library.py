"""Loads the images and the reference content, and finds them by the keys of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import DraftStateMixin, Locale, Page

from home.demo import records
from home.demo.content import DemoContentError, make_uuid, read_file, read_image
from home.demo.markup import render_markup
from snippets.models import (
    UNIQUE_IDENTIFIERS,
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)

if TYPE_CHECKING:
    from django.db.models import Model

#: kind in keys → (model, file)
TRANSLATABLE: dict[str, tuple[type[Model], str]] = {
    "contributor": (Contributor, "contributors.yaml"),
    "condition": (Condition, "conditions.yaml"),
    "treatment": (Treatment, "treatments.yaml"),
    "term": (GlossaryTerm, "glossary.yaml"),
}

#: Fields that are lists in the files and one entry per line in the database.
LINE_FIELDS = ("aliases", "also_known_as", "authors")


class Library:
    """What the texts may refer to, each by its kind and key."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Any] = {}

    def add(self, kind: str, key: str, instance: Model | Page) -> None:
        """Make something available to the texts."""
        self._found[kind, key] = instance

    def get(self, kind: str, key: str, where: str) -> Any:
        """Return what a key stands for.

        Raises:
            DemoContentError: there is no such key.
        """
        try:
            return self._found[kind, key]
        except KeyError as error:
            raise DemoContentError(f"{where}: there is no {kind} {key!r}.") from error

    def get_id(self, kind: str, key: str, where: str) -> int:
        """Return the primary key of what a key stands for."""
        return self.get(kind, key, where).pk

    def get_citation_label(self, key: str, where: str) -> str:
        """Return the words that stand for a citation in the editor."""
        return self.get("ref", key, where).short_label


def save_like_an_editor(instance: Any, key: str, where: str) -> None:
    """Validate and create an object, with a published revision where its model has drafts.

    Raises:
        DemoContentError: the object does not validate.
    """
    try:
        instance.full_clean()
    except ValidationError as error:
        raise DemoContentError(f"{where}: {error.message_dict}") from error
    instance.save()
    records.remember(instance, key)
    if isinstance(instance, DraftStateMixin):
        instance.save_revision().publish()


def join_lines(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with lists joined into lines and texts stripped."""
    joined = {
        name: "\n".join(value) if name in LINE_FIELDS else value
        for name, value in fields.items()
    }
    return {
        name: value.strip() if isinstance(value, str) else value
        for name, value in joined.items()
    }


def build_snippet(kind: str, key: str, entry: dict[str, Any], locale: Locale) -> Any:
    """Return an unsaved translatable snippet of one language."""
    model, _file = TRANSLATABLE[kind]
    fields = join_lines(entry)
    if kind == "term":
        fields["definition"] = render_markup(
            fields["definition"], Library(), f"{kind} {key}"
        )
    if kind != "contributor":
        fields["slug"] = key
    return model(locale=locale, translation_key=make_uuid(kind, key), **fields)


def load_images(library: Library) -> int:
    """Store the images that are missing; return how many."""
    model, count = get_image_model(), 0
    for key, entry in read_file("images.yaml").items():
        image = records.find(model, f"image/{key}")
        if image is None:
            with transaction.atomic():
                file = ContentFile(read_image(key), name=f"demo-{key}.png")
                image = model(title=entry["title"], file=file)
                image.full_clean(exclude=["file_hash"])
                image.save()
                records.remember(image, f"image/{key}")
            count += 1
        library.add("image", key, image)
    return count


def load_references(library: Library) -> int:
    """Store the references that are missing; return how many.

    A reference with the same identifier that somebody else entered is used as it is.
    """
    count = 0
    for key, entry in read_file("references.yaml").items():
        reference = records.find(Reference, f"ref/{key}") or find_same_reference(entry)
        if reference is None:
            with transaction.atomic():
                reference = Reference(**join_lines(entry))
                save_like_an_editor(reference, f"ref/{key}", f"references.yaml: {key}")
            count += 1
        library.add("ref", key, reference)
    return count


def find_same_reference(entry: dict[str, Any]) -> Reference | None:
    """Return a reference with an identifier that may exist only once."""
    for field in UNIQUE_IDENTIFIERS:
        if entry.get(field):
            found = Reference.objects.filter(**{field: entry[field]}).first()
            if found:
                return found
    return None


def load_snippets(library: Library, locale: Locale) -> int:
    """Store the translatable snippets of the source language that are missing; return how many."""
    count = 0
    for kind, (model, file) in TRANSLATABLE.items():
        for key, entry in read_file(f"{locale.language_code}/{file}").items():
            manager = model._default_manager
            snippet = manager.filter(
                translation_key=make_uuid(kind, key), locale=locale
            ).first()
            if snippet is None:
                with transaction.atomic():
                    snippet = build_snippet(kind, key, entry, locale)
                    if (
                        kind != "contributor"
                        and manager.filter(slug=key, locale=locale).exists()
                    ):
                        snippet.slug = ""
                    save_like_an_editor(
                        snippet,
                        f"{kind}/{key}",
                        f"{locale.language_code}/{file}: {key}",
                    )
                count += 1
            library.add(kind, key, snippet)
    return count


def load_promotions(library: Library, locales: list[Locale]) -> int:
    """Store the promotions of every language that are missing; return how many."""
    count = 0
    for locale in locales:
        file = f"{locale.language_code}/promotions.yaml"
        for key, entry in read_file(file).items():
            if records.find(Promotion, f"promotion/{key}"):
                continue
            with transaction.atomic():
                fields = join_lines(entry)
                if "image" in fields:
                    fields["image"] = library.get(
                        "image", fields["image"], f"{file}: {key}"
                    )
                promotion = Promotion(**fields)
                promotion.locales = [locale]
                save_like_an_editor(promotion, f"promotion/{key}", f"{file}: {key}")
            count += 1
    return count


def is_as_loaded(kind: str, key: str, snippet: Any) -> bool:
    """Tell whether a snippet still says what its file says."""
    _model, file = TRANSLATABLE[kind]
    language = snippet.locale.language_code
    fields = read_file(f"{language}/{file}").get(key, {})
    fresh = build_snippet(kind, key, fields, snippet.locale)
    return all(getattr(snippet, name) == getattr(fresh, name) for name in fields)
