"""How fast an answer came, against what reading and typing take, in any script. Pure."""

from interviewer.measured import Measured
from llm.offline.text import weight

READS = 10.0  # words a second: twice as fast as people skim
TYPES = 3.0  # words a second: nobody types 180 a minute and thinks


def speed(asked: str, text: str, care: Measured) -> float:
    """Words read and written a second. A word of a script without spaces is two letters."""
    return (weight(asked) + weight(text)) / max(care.visible_ms / 1000, 0.1)


def least_seconds(asked: str, text: str, care: Measured) -> float:
    """The time below which nobody reads the question and types what was typed; pasted and dictated words cost none."""
    typed = min(1.0, care.typed / len(text)) if text else 0.0
    return weight(asked) / READS + typed * weight(text) / TYPES


def hurried(asked: str, text: str, care: Measured) -> bool:
    return care.visible_ms / 1000 < least_seconds(asked, text, care)
