"""Other sites' pages are refused, over a websocket and over HTTP alike."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host


def allowed(origin: str | None) -> bool:
    """Whether this is a page of an allowed host. A client that names no origin is no browser: its token alone counts."""
    if origin is None:
        return True
    try:
        host = urlsplit(origin).hostname or ""
    except ValueError:
        return False
    return validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS) or origin in settings.CSRF_TRUSTED_ORIGINS


class SameOrigin:
    """Lets a browser open a websocket only from a page of an allowed host."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        origin = next((value for key, value in scope.get("headers", []) if key == b"origin"), None)
        if allowed(None if origin is None else origin.decode("latin-1")):
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)
