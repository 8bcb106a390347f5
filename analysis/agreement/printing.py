"""A report as lines for a reader and as JSON for a program."""

from collections.abc import Iterator
from typing import Any

from analysis.agreement.report import Finding, Report
from analysis.agreement.results import Estimate, Result, TooFew, Undefined


def as_json(report: Report) -> dict[str, Any]:
    """A coefficient by its key; Cohen's kappa of more than one pair is a list. No value is ever NaN: it is there, or a reason is."""
    statistics: dict[str, Any] = {}
    for finding in report.findings:
        entry = ({"coders": list(finding.coders)} if finding.coders else {}) | result_as_json(finding.result)
        if finding.coders and len(report.coders) > 2:
            statistics.setdefault(f"{finding.key}_by_pair", []).append(entry)
        else:
            statistics[finding.key] = entry
    return {"units": report.units, "coders": list(report.coders), "values": list(report.values), "statistics": statistics}


def result_as_json(result: Result) -> dict[str, Any]:
    match result:
        case Estimate(value, interval, n, method, caution):
            entry = {"value": value, "low": interval.low, "high": interval.high, "n": n, "interval_method": method}
            return entry | ({"caution": caution} if caution else {})
        case TooFew(n, needed):
            return {"too_few": True, "n": n, "needed": needed}
        case Undefined(n, reason):
            return {"undefined": reason, "n": n}


def lines(report: Report) -> Iterator[str]:
    """A heading, a line for each coefficient, then what to be careful about."""
    if report.too_few:
        yield str(report.too_few).capitalize() + "."
        return
    yield f"{'':44}{'value':>8}   95 % interval       n"
    cautions: dict[str, None] = {}
    for finding in report.findings:
        match finding.result:
            case Estimate(value, interval, n, _, caution):
                yield f"{_label(finding):44}{value:8.3f}   {interval.low:6.3f} to {interval.high:6.3f}  {n:5d}"
                if caution:
                    cautions[caution] = None
            case reason:
                yield f"{_label(finding):44}   {reason}"
    yield from (f"Note: {caution}." for caution in cautions)


def _label(finding: Finding) -> str:
    return f"{finding.name} ({' × '.join(finding.coders)})" if finding.coders else finding.name
