"""The Vancouver (ICMJE / NLM) rendering of a reference as one line of plain text.

Source of the rules: National Library of Medicine, *Citing Medicine*. Pure: takes anything that has
the attributes of ``Reference``.
"""

from __future__ import annotations

from typing import Any

#: The ICMJE recommendations list the first six authors, then "et al.".
MAX_AUTHORS = 6


def format_authors(names: list[str]) -> str:
    """Return ``Family AB, Family CD, et al`` without a final period; empty for no names."""
    if names and names[-1].rstrip(".").lower() == "et al":
        return ", ".join([*names[:-1][:MAX_AUTHORS], "et al"])
    if len(names) > MAX_AUTHORS:
        return ", ".join([*names[:MAX_AUTHORS], "et al"])
    return ", ".join(names)


def format_date(reference: Any) -> str:
    """Return ``2022 Mar 20``, as far as the parts are known."""
    months = (
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    )
    parts = []
    if reference.issued_year:
        parts.append(str(reference.issued_year))
        if reference.issued_month:
            parts.append(months[reference.issued_month - 1])
            if reference.issued_day:
                parts.append(str(reference.issued_day))
    return " ".join(parts)


def format_source(reference: Any) -> str:
    """Return ``J Clin Oncol. 2022;40(9):978-87``: container, date, volume, issue and pages."""
    locator = reference.volume
    if reference.issue:
        locator += f"({reference.issue})"
    if reference.page:
        locator += f":{reference.page}"
    date = format_date(reference)
    when = ";".join(part for part in (date, locator) if part)
    container = reference.container_title.rstrip(".")
    if reference.type in {"book", "report"} and reference.publisher:
        container = ". ".join(
            part for part in (container, reference.publisher.rstrip(".")) if part
        )
        return "; ".join(part for part in (container, when) if part)
    return ". ".join(part for part in (container, when) if part)


def format_vancouver(reference: Any) -> str:
    """Return the whole citation, each part ended by a period.

    A source that no longer stands as published says so at the end, in the active language.
    """
    parts = [
        format_authors(reference.author_list),
        reference.title.rstrip("."),
        format_source(reference),
    ]
    identifiers = []
    if reference.doi:
        identifiers.append(f"doi:{reference.doi}")
    if reference.pmid:
        identifiers.append(f"PMID: {reference.pmid}")
    if reference.pmcid:
        identifiers.append(f"PMCID: {reference.pmcid}")
    if reference.nct:
        identifiers.append(f"ClinicalTrials.gov: {reference.nct}")
    sentences = [
        f"{part}." if part[-1] not in ".?!" else part for part in parts if part
    ]
    if identifiers:
        sentences.append("; ".join(identifiers) + ".")
    elif reference.url:
        sentences.append(f"Available from: {reference.url}")
    if reference.status != reference.Status.CURRENT:
        sentences.append(f"{reference.get_status_display()}.")
    return " ".join(sentences)
