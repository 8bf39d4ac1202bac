"""What all API views share: one shape of errors, one of pages."""

import logging
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.fields import BooleanField
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import RETRY_SECONDS, UNAVAILABLE, Refused, error_body

logger = logging.getLogger(__name__)

CODES = {
    400: "invalid",
    401: "not_authenticated",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    429: "throttled",
}


class Pages(PageNumberPagination):
    """`{"count", "next", "previous", "results"}`, 50 a page, up to 200 on request."""

    page_size_query_param = "page_size"
    max_page_size = 200


def says_yes(request: Request, name: str) -> bool:
    """Whether the query says `true`, `1` or the like to `name`; left out it is no. Raises ValidationError."""
    try:
        return bool(BooleanField().run_validation(request.query_params.get(name, False)))
    except exceptions.ValidationError as error:
        raise exceptions.ValidationError({name: error.detail}) from error


def one_error_shape(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: `{"error": {"code", "message", "fields"}}` for everything that is not a bug."""
    if isinstance(error, OperationalError | InterfaceError):
        logger.warning("The database could not answer: %s", error)
        return Response(error_body(*UNAVAILABLE), status=503, headers={"Retry-After": RETRY_SECONDS})
    if isinstance(error, Refused):
        return Response(error_body(error.code, error.message, error.fields), status=error.status)
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        )
    response = exception_handler(error, context)
    if response is not None:
        response.data = _shaped(error, response.status_code, response.data)
    return response


def _shaped(error: Exception, status: int, data: Any) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return error_body("invalid", "Some of this could not be accepted.", _fields(data))
    if isinstance(error, (Http404, exceptions.NotFound)):
        return error_body("not_found", "There is nothing here.")
    if isinstance(error, (PermissionDenied, exceptions.PermissionDenied)):
        return error_body("permission_denied", "You may not do this here.")
    detail = data.get("detail", "") if isinstance(data, dict) else data
    return error_body(getattr(detail, "code", CODES.get(status, "refused")), str(detail))


def _fields(data: Any) -> dict[str, list[str]]:
    """Nested serializer errors flattened to `outer.inner`; a list is about no field in particular."""
    if not isinstance(data, dict):
        return {"non_field_errors": [str(item) for item in (data if isinstance(data, list) else [data])]}
    fields: dict[str, list[str]] = {}
    for name, value in data.items():
        fields.update(_named(name, value))
    return fields


def _named(name: str, value: Any) -> dict[str, list[str]]:
    if isinstance(value, dict):
        return {f"{name}.{inner}": messages for inner, messages in _fields(value).items()}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return {f"{name}.{key}": found for n, item in enumerate(value) for key, found in _named(str(n), item).items()}
    return {name: [str(item) for item in (value if isinstance(value, list) else [value])]}
