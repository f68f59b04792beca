"""An image as the API gives it: its size, its focal point and its named renditions."""

from __future__ import annotations

from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError

from treatments.conf import get_conf


def represent_image(
    image: Any, alt: str = "", caption: str = "", credit: str = ""
) -> dict[str, Any]:
    """Return an image as the contract has it; a rendition that cannot be made is left out."""
    focal_point = image.get_focal_point()
    renditions = {}
    for name, spec in get_conf().image_renditions.items():
        try:
            rendition = image.get_rendition(spec)
        except (InvalidFilterSpecError, OSError):
            continue
        renditions[name] = {
            "url": rendition.url,
            "width": rendition.width,
            "height": rendition.height,
        }
    return {
        "id": image.pk,
        "alt": alt,
        "caption": caption,
        "credit": credit,
        "width": image.width,
        "height": image.height,
        "focal_point": (
            {
                "x": focal_point.centroid.x,
                "y": focal_point.centroid.y,
                "width": focal_point.width,
                "height": focal_point.height,
            }
            if focal_point
            else None
        ),
        "renditions": renditions,
    }
