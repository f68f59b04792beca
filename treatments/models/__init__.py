"""The models of the plugin set: articles, the index page, the publisher and the article index."""

from treatments.models.articles import (
    AbstractArticleCondition,
    AbstractArticleContributor,
    AbstractRelatedArticle,
    TreatmentArticleMixin,
)
from treatments.models.index import (
    IndexedArticle,
    IndexedBlock,
    IndexedCitation,
    IndexedCondition,
    IndexedTerm,
)
from treatments.models.pages import (
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
    TreatmentPageRelated,
)
from treatments.models.published import PublishedBlock
from treatments.models.publisher import PublisherSettings

__all__ = [
    "AbstractArticleCondition",
    "AbstractArticleContributor",
    "AbstractRelatedArticle",
    "IndexedArticle",
    "IndexedBlock",
    "IndexedCitation",
    "IndexedCondition",
    "IndexedTerm",
    "PublishedBlock",
    "PublisherSettings",
    "TreatmentArticleMixin",
    "TreatmentIndexPage",
    "TreatmentPage",
    "TreatmentPageCondition",
    "TreatmentPageContributor",
    "TreatmentPageRelated",
]
