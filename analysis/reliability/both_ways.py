"""The model that codes what people said against the same model that codes its translation: how often each way gives a code, and the difference."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.agreement import MINIMUM, Estimate, Result, TooFew
from analysis.agreement.printing import result_as_json
from analysis.codebook import Dimension
from analysis.estimation.paired import METHOD, paired_difference
from analysis.reliability import computing, flipping
from analysis.reliability.comparing import Unit
from analysis.reliability.computing import Figures, Table
from analysis.reliability.runs import OfACheck
from analysis.stability.comparable import counted, worded
from analysis.stability.records import StabilityCheck, StabilityRun
from analysis.stability.wordings import BOTH_WAYS, Wording
from analysis.statistics import wilson

EVERYONE = ""
WILSON = "Wilson"


@dataclass(frozen=True)
class Shares:
    """Of n interviews coded both ways. difference: from the translation less from the original."""

    n: int
    original: Result
    translation: Result
    difference: Result


class BothWays(OfACheck):
    """Its coders are the run over the originals and the run over the translations."""

    @property
    def left_out(self) -> Mapping[str, int]:
        return counted(self.check)

    @property
    def left_out_worded(self) -> str:
        return worded(self.left_out)

    def units(self, dimension: Dimension) -> tuple[Unit, ...]:
        return flipping.units(self.check, dimension.key, _runs(self.check))

    def table(self, dimension: Dimension, code: str) -> Table:
        key = self._key(dimension, "")
        return computing.kept(f"{key}{code}", lambda: computing.computed(key, self.units(dimension), dimension, code, None))

    def shares(self, dimension: Dimension) -> dict[str, dict[str, Shares]]:
        """Language → code → shares; first of everyone, then of the languages by their number of interviews."""
        names = [flipping.name_of(run) for run in _runs(self.check)]
        return {
            language: {code: shares_of([(code in row.given[names[0]], code in row.given[names[1]]) for row in rows]) for code in dimension.code_keys}
            for language, rows in self._by_language(dimension).items()
        }

    def agreement(self, dimension: Dimension) -> dict[str, dict[str, Figures]]:
        """Language → code → how far both ways agree."""

        def make() -> dict[str, dict[str, Figures]]:
            return {
                language: {code: computing.figures(rows, dimension, code) for code in dimension.code_keys}
                for language, rows in self._by_language(dimension).items()
                if language
            }

        return computing.kept(self._key(dimension, ", by language"), make)

    def _by_language(self, dimension: Dimension) -> dict[str, list[Unit]]:
        rows = self.units(dimension)
        sizes = Counter(row.language for row in rows)
        return {EVERYONE: list(rows)} | {each: [row for row in rows if row.language == each] for each, _ in sizes.most_common()}

    def _key(self, dimension: Dimension, what: str) -> str:
        return f"{flipping.fingerprint(self.check)} {dimension.key} both ways {what}"


def codes_both_ways(check: StabilityCheck) -> bool:
    return {run.wording for run in check.runs.all()} >= set(BOTH_WAYS)


def _runs(check: StabilityCheck) -> list[StabilityRun]:
    """Of the originals, of the translations."""
    runs = {Wording(run.wording): run for run in check.runs.all()}
    return [runs[way] for way in BOTH_WAYS]


def shares_of(pairs: Sequence[tuple[bool, bool]]) -> Shares:
    """pairs: whether the code was given from the original, and from the translation."""
    n = len(pairs)
    if n < MINIMUM:
        few = TooFew(n, MINIMUM)
        return Shares(n, few, few, few)
    cells = Counter(pairs)
    both, original, translation = cells[True, True], cells[True, False], cells[False, True]
    difference, interval = paired_difference(both, translation, original, cells[False, False])
    return Shares(n, _share(both + original, n), _share(both + translation, n), Estimate(difference, interval, n, METHOD))


def _share(k: int, n: int) -> Estimate:
    return Estimate(k / n, wilson(k, n), n, WILSON)


def as_values(source: BothWays, dimension: Dimension) -> dict[str, object]:
    found = {language: {code: _values(shares) for code, shares in codes.items()} for language, codes in source.shares(dimension).items()}
    return {"left_out": dict(source.left_out), "shares": found.pop(EVERYONE), "shares_by_language": found}


def _values(shares: Shares) -> dict[str, object]:
    results = {"original": shares.original, "translation": shares.translation, "difference": shares.difference}
    return {"n": shares.n} | {name: result_as_json(result) for name, result in results.items()}


def as_lines(source: BothWays, dimension: Dimension) -> Iterator[str]:
    if source.left_out:
        yield f"  left out: {source.left_out_worded}"
    for language, codes in source.shares(dimension).items():
        head = f"shares, {language or 'all'}"
        yield f"  {head:26}{'n':>6}   {'from the original':24}{'from the translation':24}{'difference':24}".rstrip()
        for code, shares in codes.items():
            figures = "".join(f"{_worded(each):24}" for each in (shares.original, shares.translation, shares.difference))
            yield f"  {code:26}{shares.n:6}   {figures}".rstrip()


def _worded(result: Result) -> str:
    if isinstance(result, Estimate):
        return f"{result.value:.3f} [{result.interval.low:.3f}, {result.interval.high:.3f}]"
    return str(result).partition(":")[0]
