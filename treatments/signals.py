"""The signals by which the apps of the plugin set hear of each other. All are sent inside the transaction of the change."""

from __future__ import annotations

from django.dispatch import Signal

#: What is known about articles beside their own text has changed: their review, or how their
#: translation stands. Arguments: ``page_ids``, the ids of the pages (an iterable of integers).
article_states_changed = Signal()
