"""What a worker does in the background."""

from __future__ import annotations

from django_tasks import task

from treatments.delivery import building, purging

#: How many documents one task builds before it lets others have their turn.
DOCUMENTS_PER_TASK = 200


@task()
def build_marked_documents() -> None:
    """Build marked documents, and go on in another task while there are more."""
    if building.refresh_marked(DOCUMENTS_PER_TASK) >= DOCUMENTS_PER_TASK:
        build_marked_documents.enqueue()


@task()
def send_pending_purges() -> None:
    """Send what shared caches are to forget, and go on in another task while there is more."""
    if purging.send_turn():
        send_pending_purges.enqueue()
