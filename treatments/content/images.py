"""An image as the API gives it: its size, its focal point and its named renditions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import Filter

from treatments.conf import get_conf
from treatments.content.visibility import build_public_file_condition

if TYPE_CHECKING:
    from collections.abc import Collection


@cache
def parse_spec(spec: str) -> Filter:
    """Return what a specification says; it is the same for all images."""
    return Filter(spec=spec)


def load_images(ids: Collection[int]) -> dict[int, Any]:
    """Return the images that are not private by id, with their renditions.

    One query, and another one for images of which no rendition was ever made.
    """
    model = get_image_model()
    specs = list(get_conf().image_renditions.values())
    found: dict[int, list[Any]] = defaultdict(list)
    renditions = model.get_rendition_model().objects.filter(
        build_public_file_condition("image__collection__"),
        image__in=ids,
        filter_spec__in=specs,
    )
    for rendition in renditions.select_related("image"):
        found[rendition.image_id].append(rendition)
    images = {}
    for pk, each in found.items():
        images[pk] = each[0].image
        images[pk].prefetched_renditions = each
    missing = set(ids) - images.keys()
    if missing:
        others = model._default_manager.filter(
            build_public_file_condition(), pk__in=missing
        )
        images |= {image.pk: image for image in others.prefetch_renditions(*specs)}
    return images


def represent_image(
    image: Any, alt: str = "", caption: str = "", credit: str = ""
) -> dict[str, Any]:
    """Return an image as the contract has it; a rendition that cannot be made is left out."""
    focal_point = image.get_focal_point()
    renditions = {}
    for name, spec in get_conf().image_renditions.items():
        try:
            wanted = image.clean_filter_for_svg(parse_spec(spec))
            # Not from the cache, which would be asked and filled for each of them.
            existing = image.find_existing_renditions(wanted)
            rendition = existing.get(wanted) or image.get_rendition(wanted)
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
        "file_hash": identify_file(image),
        "renditions": renditions,
    }


def identify_file(owner: Any) -> str:
    """Return 40 hexadecimal digits that change when somebody replaces the file of an image or a document.

    They are Wagtail's hash of the content. What was not uploaded in the admin can be without one: then
    they follow from the name of the file, which is another one for every file that is stored. Nothing is read.
    """
    if owner.file_hash:
        return owner.file_hash
    return hashlib.blake2b(owner.file.name.encode(), digest_size=20).hexdigest()
