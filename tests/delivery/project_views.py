"""Views of a project over ours, each of which says more or less of its answers."""

from __future__ import annotations

from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from wagtail.api.v2.router import WagtailAPIRouter

from cms.urls import urlpatterns as project_urls
from treatments.api.v2.endpoints import TreatmentPagesAPIViewSet


class SilentViewSet(TreatmentPagesAPIViewSet):
    """A view of a project that says nothing: what it adds to an answer may depend on anything."""

    word = "first"

    def detail_view(self, request, pk):
        response = super().detail_view(request, pk)
        if isinstance(response, Response):
            response.data["word"] = self.word
        return response


class OutspokenViewSet(SilentViewSet):
    """One that says that its answers may be kept."""

    keeps_details = True


class AskingPermission(AllowAny):
    """One that may ask for anything."""


class CountingThrottle(BaseThrottle):
    def allow_request(self, request, view):
        return True


class PermittedViewSet(OutspokenViewSet):
    keeps_details = True
    permission_classes = [AskingPermission]


class CountedViewSet(OutspokenViewSet):
    keeps_details = True
    throttle_classes = [CountingThrottle]


project_router = WagtailAPIRouter("project_api")
project_router.register_endpoint("permitted", PermittedViewSet)
project_router.register_endpoint("counted", CountedViewSet)
project_router.register_endpoint("silent", SilentViewSet)
project_router.register_endpoint("outspoken", OutspokenViewSet)
urlpatterns = [path("api/project/", project_router.urls), *project_urls]
