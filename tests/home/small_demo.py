"""A few small files in place of the real demonstration, and what they leave behind."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import yaml
from django.apps import apps
from django.db import connection
from wagtail.models import Locale

from home.demo import content, pages

if TYPE_CHECKING:
    from pathlib import Path

#: Those of the real demonstration, in whose place the tests put a small one.
IMAGES = content.FOLDER / "images"

ENGLISH = {
    "glossary": {
        "biopsy": {
            "term": "biopsy",
            "definition": "<p>A small piece of tissue.</p>",
            "aliases": ["sample"],
        }
    },
    "conditions": {"cancer": {"name": "Cancer", "mesh_id": "D001943"}},
    "treatments": {"surgery": {"name": "Surgery", "schema_type": "SurgicalProcedure"}},
    "contributors": {
        "sample-author": {
            "name": "Sample Author",
            "affiliation": "Demonstration Hospital",
        }
    },
    "promotions": {
        "sidebar-en": {
            "title": "A notice",
            "placement": "sidebar",
            "image": "liver",
            "image_alt": "A liver",
        }
    },
    "pages": {
        "home": {
            "title": "Guide",
            "slug": "guide",
            "search_description": "A guide",
            "intro": "<p>Welcome.</p>",
            "featured": ["first"],
        },
        "index": {
            "title": "Treatments",
            "slug": "treatments",
            "search_description": "All of them",
            "intro": "<p>All.</p>",
        },
    },
    "site": {
        "organization": "Demonstration Hospital",
        "contact_email": "contact@example.org",
        "tagline": "Plain words",
        "disclaimer": "No advice",
        "emergency_note": "Call for help",
    },
}
SPANISH = {
    "glossary": {
        "biopsy": {
            "term": "biopsia",
            "definition": "<p>Un pedazo de tejido.</p>",
            "aliases": ["muestra"],
        }
    },
    "conditions": {"cancer": {"name": "Cáncer"}},
    "treatments": {"surgery": {"name": "Cirugía"}},
    "contributors": {"sample-author": {"affiliation": "Hospital de Demostración"}},
    "promotions": {"inline-es": {"title": "Un aviso", "placement": "inline"}},
    "pages": {
        "home": {
            "title": "Guía",
            "search_description": "Una guía",
            "intro": "<p>Bienvenida.</p>",
        },
        "index": {
            "title": "Tratamientos",
            "search_description": "Todos",
            "intro": "<p>Todos.</p>",
        },
    },
    "site": {
        "tagline": "Palabras claras",
        "disclaimer": "No es consejo",
        "emergency_note": "Pida ayuda",
    },
}
REFERENCES = {
    "sample-leaflet": {
        "type": "webpage",
        "title": "Sample reference: a leaflet",
        "is_sample": True,
    },
    "real": {"title": "A study", "authors": ["Khan SA", "et al"], "pmid": "37025581"},
}


def make_article(key: str, other: str, **texts: str) -> dict:
    """Return an article that leads to another one."""
    text = texts["text"].replace("OTHER", other)
    return {
        "key": key,
        "title": texts["title"],
        "summary": texts["summary"],
        "kind": "treatment",
        "intent": "",
        "audience": "patient",
        "treatment": "surgery",
        "conditions": ["cancer"],
        "authors": ["sample-author"],
        "body_site": "",
        "hero": {"image": "liver", "alt": texts["alt"]},
        "seo_title": "",
        "search_description": "",
        "intro": texts["intro"],
        "key_points": [texts["point"], texts["second_point"]],
        "related": [{"relation": "more", "page": other}],
        "body": [
            {
                "section": {
                    "heading": texts["heading"],
                    "content": [
                        {"rich_text": text},
                        {"related_article": {"page": other}},
                        {
                            "statistic": {
                                "qualifier": "about",
                                "denominator": "100",
                                "value": 3,
                                "outcome": texts["outcome"],
                                "reference_class": texts["whom"],
                                "comparison": {"label": texts["others"], "value": 4},
                                "citations": ["real"],
                            }
                        },
                    ],
                }
            }
        ],
    }


def make_english(key: str, other: str) -> dict:
    """Return an article in English."""
    return make_article(
        key,
        other,
        title=f"The {key} article",
        summary="What it is about.",
        alt="A liver",
        intro="<p>An introduction.</p>",
        point="One point",
        second_point="Another point",
        heading="What it is",
        text=(
            "<p>A [[term:biopsy|biopsy]] shows it.[[ref:real]] Read [[page:OTHER|more]] at "
            '<a href="https://www.example.org/en">a site</a>.</p> <ul> <li>Yes</li> <li>No</li> </ul>'
        ),
        outcome="got better",
        whom="people",
        others="others",
    )


def make_spanish(key: str, other: str) -> dict:
    """Return the same article in Spanish, with its links in another order."""
    return make_article(
        key,
        other,
        title=f"El artículo {key}",
        summary="De qué trata.",
        alt="Un hígado",
        intro="<p>Una introducción.</p>",
        point="Un punto",
        second_point="Otro punto",
        heading="Qué es",
        text=(
            '<p>Lea [[page:OTHER|más]] en <a href="https://www.example.org/es">un sitio</a>. Lo muestra una '
            "[[term:biopsy|biopsia]].[[ref:real]]</p> <ul> <li>Sí</li> <li>No</li> </ul>"
        ),
        outcome="mejoraron",
        whom="personas",
        others="otras",
    )


def write(file: Path, value: object) -> None:
    """Write a file of the small demonstration."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(value, allow_unicode=True), encoding="utf-8")


def write_files(folder: Path) -> None:
    """Write the small demonstration into a folder."""
    write(folder / "images.yaml", {"liver": {"title": "Liver"}})
    shutil.copytree(IMAGES, folder / "images")
    write(folder / "references.yaml", REFERENCES)
    for language, files, make in (
        ("en", ENGLISH, make_english),
        ("es", SPANISH, make_spanish),
    ):
        for name, value in files.items():
            write(folder / language / f"{name}.yaml", value)
        for key, other in (("first", "second"), ("second", "first")):
            write(folder / language / "articles" / f"{key}.yaml", make(key, other))


def change(folder, name, edit):
    """Let ``edit`` change what a file of the small demonstration holds."""
    value = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    edit(value)
    write(folder / name, value)


def read_rows() -> dict[str, Counter]:
    """Return every row of every table."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
                rows[model._meta.label] = Counter(map(repr, cursor.fetchall()))
    return rows


def get_page(key: str, language: str):
    """Return a page of the demonstration."""
    return pages.find_page(key, Locale.objects.get(language_code=language))
