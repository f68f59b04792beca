"""One article as a JSON-LD document in the vocabulary of schema.org 30.

Pure: made from the public JSON of an article alone. What schema.org cannot say truthfully is left out.
"""

from treatments.exports.schema_org.documents import build_json_ld
from treatments.exports.schema_org.nodes import SiteInfo

__all__ = ["SiteInfo", "build_json_ld"]
