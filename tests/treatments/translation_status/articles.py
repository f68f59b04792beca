"""What the tests of the states share: an article, days, and ways to change and ask."""

from __future__ import annotations

import copy
from datetime import UTC, datetime

import time_machine

from tests import factories
from treatments.ports.states import TranslationState, get_translation_states
from treatments.translation.models import TranslatedVersion

SECTION, CRITERIA, CRITERION, STEPS, PHASE, STEP_1, STEP_2, FIGURE, STATISTIC = (
    f"{number:08d}-0000-4000-8000-000000000000" for number in range(1, 10)
)
OTHER = "99999999-0000-4000-8000-000000000000"
POINT = factories.KEY_POINTS[0]["id"]
MADE = datetime(2026, 1, 1, tzinfo=UTC)
CHANGED = datetime(2026, 2, 1, tzinfo=UTC)
LATER = datetime(2026, 3, 1, tzinfo=UTC)


def build_body(image_id):
    """A section with something clinical and something editorial, as short as possible."""
    return [
        {
            "type": "section",
            "id": SECTION,
            "value": {
                "heading": "Surgery",
                "content": [
                    {
                        "type": "criteria_list",
                        "id": CRITERIA,
                        "value": {
                            "purpose": "may_help",
                            "lead_in": "It may help if the tumor",
                            "logic": "all",
                            "items": [
                                {
                                    "type": "criterion",
                                    "id": CRITERION,
                                    "value": {
                                        "text": "is small",
                                        "quantity": {
                                            "comparator": "le",
                                            "value": 1.5,
                                            "unit": "cm",
                                        },
                                    },
                                }
                            ],
                        },
                    },
                    {
                        "type": "procedure_steps",
                        "id": STEPS,
                        "value": {
                            "procedure": "Ablation",
                            "phases": [
                                {
                                    "type": "during",
                                    "id": PHASE,
                                    "value": {
                                        "steps": [
                                            {
                                                "type": "step",
                                                "id": key,
                                                "value": {"title": title},
                                            }
                                            for key, title in (
                                                (STEP_1, "One"),
                                                (STEP_2, "Two"),
                                            )
                                        ]
                                    },
                                }
                            ],
                        },
                    },
                    {
                        "type": "figure",
                        "id": FIGURE,
                        "value": {
                            "image": image_id,
                            "alt": "A drawing",
                            "caption": "A caption",
                        },
                    },
                ],
            },
        }
    ]


def get_state(page) -> TranslationState:
    """Return the state of one page."""
    return get_translation_states([page.pk])[page.pk]


def publish_at(page, moment):
    """Publish a page at a fixed time."""
    with time_machine.travel(moment, tick=False):
        return factories.publish(page)


def find(raw, key):
    """Return the child of a stream with an id, anywhere in raw data."""
    if isinstance(raw, list):
        return next((hit for item in raw if (hit := find(item, key))), None)
    if isinstance(raw, dict):
        return raw if raw.get("id") == key else find(list(raw.values()), key)
    return None


def edit_body(change):
    """Return an edit of the page that changes its raw body."""

    def edit(page):
        raw = copy.deepcopy(list(page.body.raw_data))
        change(raw)
        page.body = raw

    return edit


def forget(spanish):
    """Make a page as it was before there were records of translations."""
    TranslatedVersion.objects.filter(pk=spanish.pk).delete()
