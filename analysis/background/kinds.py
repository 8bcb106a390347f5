"""The sorts of work there are, by name."""

from analysis.answering.work import KIND as ANSWER
from analysis.background.running import Kind
from analysis.induction.work import KIND as INDUCTION

KINDS: dict[str, Kind] = {kind.name: kind for kind in (INDUCTION, ANSWER)}
