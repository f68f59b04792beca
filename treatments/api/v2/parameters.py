"""What every v2 endpoint of ours refuses, and how it says so."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from wagtail.api.v2.utils import BadRequestError
from wagtail.api.v2.views import BaseAPIViewSet

from treatments.api.http.errors import problem_response
from treatments.api.http.parameters import (
    MAX_OFFSET,
    ParameterError,
    check_known,
    read_int,
)
from treatments.api.openapi.filters import is_filterable


class SafeErrorsMixin:
    """Turns every bad parameter into a 400 with a sentence, and never answers with a page or HTML.

    Nobody is authenticated: everybody gets the same, and no answer tells whether a password is right.
    """

    authentication_classes = ()
    renderer_classes = [JSONRenderer]
    known_query_parameters = BaseAPIViewSet.known_query_parameters - {"format"}

    def check_query_parameters(self, queryset):
        """Refuse unknown parameters, null characters, and an offset beyond every list."""
        given = self.request.GET  # ty: ignore[missing-attribute]
        fields = self.get_available_fields(queryset.model, db_fields_only=True)
        try:
            check_known(given, {*fields, *self.known_query_parameters})
            read_int(given, "offset", 0, 0, MAX_OFFSET)
        except ParameterError as error:
            raise BadRequestError(str(error)) from error
        super().check_query_parameters(queryset)  # ty: ignore[missing-attribute]

    def filter_queryset(self, queryset):
        """Refuse a value that the database field does not take."""
        try:
            return super().filter_queryset(queryset)  # ty: ignore[missing-attribute]
        except (ValidationError, ValueError, TypeError, OverflowError) as error:
            raise BadRequestError(
                "a filter value is not valid for its field"
            ) from error

    def find_object(self, queryset, request):
        """Find an object by its id."""
        try:
            return super().find_object(queryset, request)  # ty: ignore[missing-attribute]
        except (ValueError, OverflowError) as error:
            raise BadRequestError("id must be a number") from error

    def handle_exception(self, exc: Exception):
        """Answer in the shape of the contract."""
        if isinstance(exc, (OverflowError, DataError, RecursionError)):
            return problem_response(400, "A parameter is too large.")
        if isinstance(exc, Http404):
            return problem_response(404, "There is nothing public at this address.")
        if isinstance(exc.__cause__, ParameterError):
            return problem_response(400, str(exc.__cause__), exc.__cause__.problem_type)
        if isinstance(exc, BadRequestError):
            return problem_response(400, str(exc))
        if isinstance(exc, APIException):
            return problem_response(exc.status_code, str(exc.detail))
        return super().handle_exception(exc)  # ty: ignore[missing-attribute]

    @classmethod
    def get_available_fields(cls, model, db_fields_only: bool = False):
        """Filter and order by plain columns only."""
        names = super().get_available_fields(model, db_fields_only)  # ty: ignore[missing-attribute]
        if not db_fields_only:
            return names
        return [name for name in names if is_filterable(model, name)]
