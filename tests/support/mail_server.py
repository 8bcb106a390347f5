"""A mail server that keeps what it is sent, and refuses, delays or hangs up as it is told. Speaks SMTP (RFC 5321)."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

HANG_UP = "hang up"


class MailServer:
    """faults: for each verb (MAIL, RCPT, DATA, END) the replies it gets, in order, before it gets good ones again."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.faults: dict[str, list[str]] = {}
        self.connections = 0

    def __enter__(self) -> Self:
        keeper = self

        class Handler(_Conversation):
            server_state = keeper

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.server.shutdown()
        self.server.server_close()

    def next_fault(self, verb: str) -> str:
        waiting = self.faults.get(verb, [])
        return waiting.pop(0) if waiting else ""

    def take(self, recipients: list[str], content: bytes) -> None:
        parsed: Any = message_from_bytes(content, policy=policy.default)
        self.recipients += recipients
        self.mails.append(parsed)


class _Conversation(socketserver.StreamRequestHandler):
    server_state: MailServer

    def handle(self) -> None:
        self.server_state.connections += 1
        self.recipients: list[str] = []
        self.say("220 mail.test ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].strip().upper().decode("ascii")
            if not self.answer(verb, line.decode("ascii").strip()):
                return

    def say(self, reply: str) -> bool:
        self.wfile.write(f"{reply}\r\n".encode())
        return True

    def answer(self, verb: str, line: str) -> bool:
        """Whether the conversation goes on."""
        fault = self.server_state.next_fault(verb)
        if fault == HANG_UP:
            return False
        if fault:
            return self.say(fault)
        match verb:
            case "EHLO" | "HELO":
                return self.say("250-mail.test\r\n250 8BITMIME")
            case "RCPT":
                self.recipients.append(line.partition("<")[2].partition(">")[0])
                return self.say("250 OK")
            case "DATA":
                self.say("354 Go on")
                return self.take()
            case "QUIT":
                self.say("221 Bye")
                return False
            case "RSET":
                self.recipients = []
        return self.say("250 OK")

    def take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        fault = self.server_state.next_fault("END")
        if fault == HANG_UP:
            return False
        if not fault:
            self.server_state.take(self.recipients, b"".join(lines))
        self.recipients = []
        return self.say(fault or "250 Taken")
