"""The two Wagtail APIs with the plugins' endpoints on them."""

from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v3.urls import api as v3_api

from treatments.api.v2 import register_endpoints as register_v2
from treatments.api.v3 import register_routers as register_v3
from treatments.delivery.api import register_routers as register_delivery
from treatments.preview.api import register_routers as register_preview
from treatments.review.api import register_routers as register_review
from treatments.webhooks.api import register_routers as register_webhooks

__all__ = ["v2_router", "v3_api"]

v2_router = WagtailAPIRouter("wagtailapi")
register_v2(v2_router)

# Wagtail's images, documents, snippets and redirects put their own routers on this
# object when their apps start; only ours are added here.
register_v3(v3_api)
register_delivery(v3_api)
register_preview(v3_api)
register_review(v3_api)
register_webhooks(v3_api)
