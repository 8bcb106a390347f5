"""What watches the program may ask: is it running, and can it do its work?"""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SECONDS = 3
_migrated = False


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"live": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    checks = {name: _passes(check) for name, check in CHECKS.items()}
    ok = all(checks.values())
    return JsonResponse({"ready": ok, "checks": checks}, status=200 if ok else 503)


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # what exactly is wrong may hold addresses and passwords: it belongs in the log, not here
        logger.exception("Not ready: %s", check.__name__)
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    global _migrated
    return _migrated
