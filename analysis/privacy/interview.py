"""What is masked in one interview: found turn by turn, and names once told looked for in every turn. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.privacy import names, rules
from analysis.privacy.masking import Hidden, Kind, Shown, joined


@dataclass(frozen=True)
class Said:
    """A turn. open: its words may tell who is speaking; the guide's own questions and the program's own sentences do not."""

    id: int
    text: str
    open: bool = True


def find(turns: Iterable[Said]) -> dict[int, tuple[Hidden, ...]]:
    """What the rules find, by turn; a turn in which they find nothing is not in it."""
    said = [turn for turn in turns if turn.open and turn.text]
    found = {turn.id: rules.find(turn.text) for turn in said}
    return spread(said, found)


def spread(said: Sequence[Said], found: Mapping[int, Sequence[Hidden]]) -> dict[int, tuple[Hidden, ...]]:
    """With the names found in one turn looked for in the others."""
    told = {turn.text[each.start : each.end] for turn in said for each in found.get(turn.id, ()) if each.kind is Kind.NAME}
    masked: dict[int, tuple[Hidden, ...]] = {}
    for turn in said:
        again = [Hidden(start, end, Kind.NAME) for start, end in names.elsewhere(turn.text, told)] if told else []
        if all_of_it := joined([*found.get(turn.id, ()), *again], len(turn.text)):
            masked[turn.id] = all_of_it
    return masked


def decided(text: str, found: Iterable[Hidden], added: Iterable[Hidden], lifted: Iterable[Hidden]) -> Shown:
    """What is shown once people have had their say: what they lifted stands unmasked, what they added is masked whatever else."""
    let_go = {(each.start, each.end) for each in lifted}
    kept = [each for each in joined(found, len(text)) if not any(start <= each.start and each.end <= end for start, end in let_go)]
    return Shown(text, joined([*kept, *added], len(text)))
