"""The models of the reviews."""

from treatments.review.models.comments import GuestComment, GuestReply
from treatments.review.models.decisions import (
    Decision,
    DecisionHead,
    Reviewer,
    ReviewRecord,
    Verdict,
)
from treatments.review.models.tasks import ClinicalReviewTask
from treatments.review.models.upkeep import (
    ChangeNote,
    ReviewRequest,
    SentReminder,
    TextOrigin,
)

__all__ = [
    "ChangeNote",
    "ClinicalReviewTask",
    "Decision",
    "DecisionHead",
    "GuestComment",
    "GuestReply",
    "ReviewRecord",
    "ReviewRequest",
    "Reviewer",
    "SentReminder",
    "TextOrigin",
    "Verdict",
]
