"""What the articles of a measured site choose from: images, references, terms and vocabularies."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as PillowImage
from wagtail.images import get_image_model

from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)
from tests.benchmarks.bodies import Targets
from tests.factories import get_locale
from treatments.conf import get_conf

LANGUAGES = ("en", "es")


@dataclass
class Library:
    """What the articles of a site choose from, by language where it is translated."""

    targets: Targets
    treatments: dict[str, list[int]]
    conditions: dict[str, list[int]]
    contributors: dict[str, list[int]]


def create_image(number: int) -> int:
    """Return the id of a tiny image with all its renditions."""
    buffer = io.BytesIO()
    PillowImage.new("RGB", (48, 32), (number * 9 % 256, 90, 140)).save(buffer, "PNG")
    image = get_image_model().objects.create(
        title=f"Drawing {number}",
        file=ContentFile(buffer.getvalue(), name=f"benchmark-{number}.png"),
    )
    image.get_renditions(*get_conf().image_renditions.values())
    return image.pk


def create_translated(model: type[Any], count: int, **values: Any) -> dict[str, list]:
    """Return the ids of snippets in every language: language → ids."""
    ids: dict[str, list[int]] = {language: [] for language in LANGUAGES}
    for number in range(count):
        key = uuid.uuid4()
        for language in LANGUAGES:
            texts = {
                name: value.format(number=number, language=language)
                for name, value in values.items()
            }
            created = model.objects.create(
                locale=get_locale(language), translation_key=key, **texts
            )
            ids[language].append(created.pk)
    return ids


def create_library(size: int = 40) -> Library:
    """Make images, references, terms and vocabularies."""
    references = [
        Reference.objects.create(
            title=f"A sample trial {number}",
            authors="Sample AB\nExample CD",
            container_title="Journal of Samples",
            issued_year=2000 + number % 25,
            doi=f"10.5555/sample.{number}",
            is_sample=True,
        ).pk
        for number in range(size * 2)
    ]
    terms = create_translated(
        GlossaryTerm,
        size,
        term="term {number} {language}",
        slug="term-{number}",
        definition="<p>What term {number} means ({language}).</p>",
    )
    promotion = Promotion.objects.create(title="A notice", placement="sidebar")
    promotion.locales.set([get_locale(language) for language in LANGUAGES])
    promotion.save()
    return Library(
        targets=Targets(
            pages=[],
            images=[create_image(number) for number in range(max(size // 2, 4))],
            references=references,
            terms=terms["en"],
        ),
        treatments=create_translated(
            Treatment,
            12,
            name="Treatment {number} {language}",
            slug="treatment-{number}",
        ),
        conditions=create_translated(
            Condition,
            12,
            name="Condition {number} {language}",
            slug="condition-{number}",
        ),
        contributors=create_translated(
            Contributor, 6, name="Author {number}", affiliation="Clinic {language}"
        ),
    )
