"""Websocket connections from other sites' pages are refused."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host


class SameOrigin:
    """Lets a browser connect only from a page of an allowed host. A client that names no origin is no browser: its token alone counts."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        origin = next((value for key, value in scope.get("headers", []) if key == b"origin"), None)
        if origin is None or self._allowed(origin.decode("latin-1")):
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)

    @staticmethod
    def _allowed(origin: str) -> bool:
        try:
            host = urlsplit(origin).hostname or ""
        except ValueError:
            return False
        return validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS) or origin in settings.CSRF_TRUSTED_ORIGINS
