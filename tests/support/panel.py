"""A panel's far end: a real little HTTP server that counts who is sent back with what."""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

PAGE = b'<!doctype html><html lang="en"><title>Panel</title><main><h1>Thank you from the panel</h1></main></html>'


class PanelServer:
    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.referers: set[str | None] = set()

    def __enter__(self) -> Self:
        panel = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/favicon.ico":
                    panel.hits[self.path] += 1
                    panel.referers.add(self.headers.get("Referer"))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(PAGE)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"
