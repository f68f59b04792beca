"""Articles of a realistic size, made of words by chance: the same article for the same number, always."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.benchmarks.words import COMMON_WORDS, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Targets:
    """The ids of what an article can choose.

    Attributes:
        pages: Articles in English: choosers keep the source, whatever the language.
    """

    pages: list[int]
    images: list[int]
    references: list[int]
    terms: list[int]


class ArticleWriter:
    """Writes one article in one language; ids of blocks and choices are the same in every language.

    An article refers to some of the targets, again and again: to 12 pages, 5 images, 12 references, 10 terms.
    """

    def __init__(self, number: int, language: str, targets: Targets):
        self.language = language
        self.choices = random.Random(number)  # noqa: S311 - text for a benchmark
        self.targets = Targets(
            pages=self.choices.sample(targets.pages, min(12, len(targets.pages))),
            images=self.choices.sample(targets.images, min(5, len(targets.images))),
            references=self.choices.sample(
                targets.references, min(12, len(targets.references))
            ),
            terms=self.choices.sample(targets.terms, min(10, len(targets.terms))),
        )
        self.texts = random.Random(f"{number} {language}")  # noqa: S311

    def make_id(self) -> str:
        """Return the id of a block."""
        return str(uuid.UUID(int=self.choices.getrandbits(128), version=4))

    def build_words(self, count: int) -> str:
        """Return words without a full stop."""
        return " ".join(self.texts.choices(WORDS[self.language], k=count))

    def build_sentence(self, count: int = 14) -> str:
        """Return a sentence."""
        return f"{self.build_words(count).capitalize()}."

    def build_rich_text(self, paragraphs: int = 2) -> str:
        """Return paragraphs with a link to a page, a glossary term and a citation; a short text has no link."""
        parts = [f"<p>{self.build_sentence(40)}</p>" for _ in range(paragraphs - 1)]
        page = self.choices.choice(self.targets.pages)
        term = self.choices.choice(self.targets.terms)
        reference = self.choices.choice(self.targets.references)
        words = self.build_words(3)
        link = f'<a linktype="page" id="{page}">{words}</a>' if parts else words
        return "".join(parts) + (
            f"<p>{self.build_sentence(15)} {COMMON_WORDS[self.language]} {link} {self.build_words(6)} "
            f'<a linktype="glossary-term" id="{term}">{self.build_words(1)}</a> <b>{self.build_words(2)}</b>'
            f'<a linktype="citation" id="{reference}">[{reference}]</a>.</p>'
        )

    def build_child(self, name: str, value: Any) -> dict[str, Any]:
        """Return a child of a stream."""
        return {"type": name, "id": self.make_id(), "value": value}

    def build_citations(self) -> list[dict[str, Any]]:
        """Return the items of a list of references."""
        return [
            self.build_child("item", self.choices.choice(self.targets.references))
            for _ in range(2)
        ]

    def build_criterion(self) -> dict[str, Any]:
        """Return a criterion with a quantity and citations."""
        return {
            "text": self.build_sentence(9),
            "characteristic": self.choices.choice(["include", "exclude"]),
            "explanation": self.build_sentence(18),
            "quantity": {
                "comparator": "le",
                "value": 1.5,
                "upper_value": None,
                "unit": "cm",
            },
            "code": {"system": "", "other_system": "", "code": ""},
            "timing": "",
            "note": self.build_sentence(8),
            "citations": self.build_citations(),
        }

    def build_criteria_list(self) -> dict[str, Any]:
        """Return five criteria."""
        return {
            "purpose": self.choices.choice(["may_help", "may_not_suit", "ask_about"]),
            "title": self.build_words(4),
            "lead_in": self.build_sentence(12),
            "population": self.build_words(6),
            "logic": "all",
            "minimum": None,
            "items": [
                self.build_child("criterion", self.build_criterion()) for _ in range(5)
            ],
            "evidence": {"system": "grade", "level": "moderate"},
            "as_of": "2026-05-01",
            "disclaimer": self.build_sentence(12),
            "citations": self.build_citations(),
        }

    def build_step(self) -> dict[str, Any]:
        """Return a step with an image."""
        return {
            "title": self.build_words(5),
            "text": self.build_rich_text(1),
            "performed_by": self.build_words(1),
            "duration": {"value": 10, "upper_value": 20, "unit": "min"},
            "sensations": self.build_sentence(8),
            "risks": self.build_sentence(8),
            "tip": "",
            "when_to_call": self.build_sentence(8),
            "optional": False,
            "image": self.build_image(),
            "video_url": "",
            "citations": self.build_citations(),
        }

    def build_image(self) -> dict[str, Any]:
        """Return an image with its description."""
        return {
            "image": self.choices.choice(self.targets.images),
            "alt": self.build_words(8),
        }

    def build_procedure_steps(self) -> dict[str, Any]:
        """Return three phases of two steps."""
        return {
            "procedure": self.build_words(4),
            "setting": "outpatient",
            "anesthesia": "local",
            "total_time": {"value": 30, "upper_value": 60, "unit": "min"},
            "phases": [
                self.build_child(
                    phase,
                    {
                        "introduction": self.build_sentence(12),
                        "steps": [
                            self.build_child("step", self.build_step())
                            for _ in range(2)
                        ],
                    },
                )
                for phase in ("before", "during", "after")
            ],
            "citations": self.build_citations(),
        }

    def build_figure(self) -> dict[str, Any]:
        """Return a figure."""
        return {
            **self.build_image(),
            "caption": self.build_sentence(12),
            "credit": self.build_words(3),
        }

    def build_callout(self) -> dict[str, Any]:
        """Return a remark."""
        return {
            "kind": "important",
            "title": self.build_words(4),
            "content": self.build_rich_text(1),
        }

    def build_questions(self) -> dict[str, Any]:
        """Return three questions with answers."""
        return {
            "title": self.build_words(3),
            "items": [
                self.build_child(
                    "item",
                    {
                        "question": self.build_words(8),
                        "answer": self.build_rich_text(1),
                    },
                )
                for _ in range(3)
            ],
        }

    def build_table(self) -> dict[str, Any]:
        """Return a table of three columns and four rows."""
        return {
            "caption": self.build_sentence(8),
            "columns": [
                self.build_child("column", self.build_words(2)) for _ in range(3)
            ],
            "rows": [
                self.build_child(
                    "row",
                    {
                        "heading": self.build_words(3),
                        "cells": [
                            self.build_child("cell", self.build_words(3))
                            for _ in range(2)
                        ],
                    },
                )
                for _ in range(4)
            ],
        }

    def build_related_article(self) -> dict[str, Any]:
        """Return the card of another article."""
        return {
            "page": self.choices.choice(self.targets.pages),
            "teaser": self.build_sentence(10),
        }

    def build_body(self) -> list[dict[str, Any]]:
        """Return five sections with 20 to 35 blocks in them: 25 to 40 in all."""
        builders: dict[str, Callable[[], Any]] = {
            "rich_text": self.build_rich_text,
            "criteria_list": self.build_criteria_list,
            "procedure_steps": self.build_procedure_steps,
            "figure": self.build_figure,
            "callout": self.build_callout,
            "questions_answers": self.build_questions,
            "table": self.build_table,
            "related_article": self.build_related_article,
        }
        names = [
            *("rich_text",) * self.choices.randint(9, 24),
            *("criteria_list",) * 2,
            *("procedure_steps",) * 1,
            *("figure",) * 3,
            *("callout",) * 2,
            "questions_answers",
            "table",
            "related_article",
        ]
        self.choices.shuffle(names)
        return [
            self.build_child(
                "section",
                {
                    "heading": self.build_words(5).capitalize(),
                    "health_aspect": "TreatmentsHealthAspect",
                    "standalone": False,
                    "content": [
                        self.build_child(name, builders[name]())
                        for name in names[part::5]
                    ],
                },
            )
            for part in range(5)
        ]

    def build_lines(self, name: str, count: int) -> list[dict[str, Any]]:
        """Return a stream of sentences."""
        return [self.build_child(name, self.build_sentence(10)) for _ in range(count)]

    def build_fields(self) -> dict[str, Any]:
        """Return the fields of an article that hold its content."""
        return {
            "summary": self.build_sentence(20),
            "kind": self.choices.choice(
                ["treatment", "procedure", "what_to_expect", "candidate"]
            ),
            "audience": self.choices.choice(["patient", "professional"]),
            "intent": self.choices.choice(["", "curative", "palliative"]),
            "body_site": self.build_words(2),
            "hero_image_id": self.choices.choice(self.targets.images),
            "hero_image_alt": self.build_words(6),
            "intro": self.build_rich_text(2),
            "key_points": self.build_lines("point", 4),
            "body": self.build_body(),
            "also_known_as": [self.build_child("name", self.build_words(2))],
            "regulatory_status": [],
            "questions": self.build_lines("question", 5),
        }
