"""The ASGI application: pages over HTTP, interviews over a websocket."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path

http = get_asgi_application()

from interviewer.consumers import InterviewConsumer  # noqa: E402 - models load only after Django is set up
from interviewer.origins import SameOrigin  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": SameOrigin(URLRouter([path("ws/interview/", InterviewConsumer.as_asgi())])),
    }
)
