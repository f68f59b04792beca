"""Which blocks readers have got, and under which anchors: ids and anchors are never given again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from treatments.models.append_only import AppendOnlyModel


class PublishedBlock(AppendOnlyModel):
    """A section of a live article, or a block directly in one, from its first publication on.

    There are no foreign keys: the memory outlives the page. Where a block has several rows, the first has its
    anchor; the others keep anchors that it had before. Only ``treatments.content.published_blocks`` writes here.
    """

    page_id = models.PositiveBigIntegerField()
    translation_key = models.UUIDField()
    locale_id = models.PositiveBigIntegerField()
    block_id = models.UUIDField(db_index=True)
    #: The fragment of the address that leads to a section; empty for a block inside one.
    anchor = models.CharField(max_length=200, blank=True)
    public_from = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta(AppendOnlyModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page_id", "block_id", "anchor"],
                name="treatments_published_block_once",
            ),
            models.UniqueConstraint(
                fields=["page_id", "anchor"],
                condition=~Q(anchor=""),
                name="treatments_published_anchor_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.block_id} {self.anchor}"
