"""What machines ask that watch this one."""

from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analytics.operation.exposition import CONTENT_TYPE, written
from analytics.operation.metrics import families
from analytics.operation.readiness import examine
from core.tenancy import every_organization


@login_not_required
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 where everything works, else 503; `?exclude=worker` leaves a check out, also several."""
    checks = examine(without=frozenset(request.GET.getlist("exclude")))
    works = all(check.ready for check in checks)
    body = {"ready": works, "checks": [asdict(check) for check in checks]}
    return JsonResponse(body, status=200 if works else 503)


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with METRICS_TOKEN as bearer token. Without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("Unauthorized\n", CONTENT_TYPE, status=401, headers={"WWW-Authenticate": "Bearer"})
    with every_organization(reason="metrics are about the whole installation"):
        return HttpResponse(written(families()), CONTENT_TYPE)
