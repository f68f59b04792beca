"""What has changed between two contents, and whether that concerns somebody's treatment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from treatments.hashes.raw import get_owner

if TYPE_CHECKING:
    from treatments.hashes.raw import Fingerprints


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed.

    Attributes:
        keys: Ids of blocks and names of fields: those of the present content in the order of the
            page, then those that are gone.
        is_clinical: Whether any of them is not merely editorial.
    """

    keys: tuple[str, ...] = ()
    is_clinical: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything has changed."""
        return bool(self.keys)


def compare(recorded: Fingerprints, present: Fingerprints) -> Difference:
    """Return what is new, different or gone in ``present``.

    Where a key is in both, what it is now decides whether it is clinical.
    """
    changed = [
        key
        for key, digest in present.digests.items()
        if recorded.digests.get(key) != digest
    ]
    gone = sorted(recorded.digests.keys() - present.digests.keys())
    is_clinical = any(key not in present.editorial for key in changed) or any(
        key not in recorded.editorial for key in gone
    )
    keys = dict.fromkeys(map(get_owner, (*changed, *gone)))
    return Difference(tuple(keys), is_clinical)
