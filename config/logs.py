"""What may stand in a log: a participant's link is a credential and may not."""

import logging
import re

_TOKEN = re.compile(r"(/i/|/s/[\w-]+/p/)[\w-]+")


class WithoutTokens(logging.Filter):
    """Blanks the token of a personal link wherever a line would name it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub(r"\1…", record.getMessage()), ()
        return True
