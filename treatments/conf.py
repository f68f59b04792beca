"""The ``TREATMENTS`` setting as a frozen dataclass.

Read at call time, so that ``override_settings`` works in a host project's tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DEFAULT_RENDITIONS = {
    "small": "max-480x480|format-webp",
    "medium": "max-960x960|format-webp",
    "large": "max-1600x1600|format-webp",
}


@dataclass(frozen=True, slots=True)
class TreatmentsConf:
    """The settings of the plugin set.

    Attributes:
        frontend_url: Root of the public frontend without a trailing slash, or None when this project
            serves the reader itself. ``serve()`` redirects there and ``html_url`` starts with it.
        reader_template: The template that ``serve()`` renders when there is no ``frontend_url``.
        preview_view: Dotted path of ``view(page, request, mode_name) -> HttpResponse`` for previews.
        image_renditions: Rendition name → Wagtail filter specification, for every image in the API.
    """

    frontend_url: str | None = None
    reader_template: str = "treatments/reader.html"
    preview_view: str = "treatments.api.preview.preview_page"
    image_renditions: dict[str, str] = field(
        default_factory=lambda: dict(DEFAULT_RENDITIONS)
    )


#: setting name → attribute name
SETTING_NAMES = {item.name.upper(): item.name for item in fields(TreatmentsConf)}


def get_conf() -> TreatmentsConf:
    """Return the settings in force.

    Raises:
        ImproperlyConfigured: a setting is unknown or has a value of the wrong kind.
    """
    given: dict[str, Any] = getattr(settings, "TREATMENTS", {})
    errors = find_setting_errors(given)
    if errors:
        raise ImproperlyConfigured(" ".join(errors))
    values = {SETTING_NAMES[name]: value for name, value in given.items()}
    if values.get("frontend_url"):
        values["frontend_url"] = values["frontend_url"].rstrip("/")
    return TreatmentsConf(**values)


def find_setting_errors(given: Any) -> list[str]:
    """Return what is wrong with a ``TREATMENTS`` value, one sentence for each mistake."""
    if not isinstance(given, dict):
        return ["TREATMENTS must be a dictionary."]
    errors = []
    for name in sorted(set(given) - set(SETTING_NAMES)):
        known = ", ".join(sorted(SETTING_NAMES))
        errors.append(
            f"TREATMENTS has an unknown setting {name!r}. The settings are: {known}."
        )
    frontend_url = given.get("FRONTEND_URL")
    if frontend_url is not None and (
        not isinstance(frontend_url, str)
        or not frontend_url.startswith(("http://", "https://"))
    ):
        errors.append(
            "TREATMENTS['FRONTEND_URL'] must be None or start with http:// or https://."
        )
    for name in ("READER_TEMPLATE", "PREVIEW_VIEW"):
        if name in given and not (isinstance(given[name], str) and given[name]):
            errors.append(f"TREATMENTS[{name!r}] must be a non-empty string.")
    renditions = given.get("IMAGE_RENDITIONS", {})
    if not isinstance(renditions, dict) or not all(
        isinstance(key, str) and isinstance(value, str)
        for key, value in renditions.items()
    ):
        errors.append(
            "TREATMENTS['IMAGE_RENDITIONS'] must map names to Wagtail filter specifications."
        )
    return errors
