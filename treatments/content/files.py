"""What tells the file of an image or a document from another one under the same id."""

from __future__ import annotations

import hashlib
from typing import Any


def identify_file(owner: Any) -> str:
    """Return 40 hexadecimal digits that change when somebody replaces the file of an image or a document.

    They are Wagtail's hash of the content. What was not uploaded in the admin can be without one: then
    they follow from the name of the file, which is another one for every file that is stored. Nothing is read.
    """
    if owner.file_hash:
        return owner.file_hash
    return hashlib.blake2b(owner.file.name.encode(), digest_size=20).hexdigest()
