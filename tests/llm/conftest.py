"""The stand-in for the model's far end, under the name these tests give it."""

import pytest

from tests.support.messages_server import MessagesServer


@pytest.fixture
def server(messages_server: MessagesServer) -> MessagesServer:
    return messages_server
