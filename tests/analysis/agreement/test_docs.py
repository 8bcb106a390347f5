"""docs/agreement.md shows what the program really prints."""

from pathlib import Path
from textwrap import indent

import pytest
from django.core.management import call_command

from analysis.estimation import Prevalence

PAGE = (Path(__file__).parents[3] / "docs" / "agreement.md").read_text()
EXAMPLE = "tests/analysis/agreement/krippendorff.csv"


def test_the_command_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("agreement", str(Path(__file__).parents[3] / EXAMPLE), "--level", "ordinal")
    printed = indent(capsys.readouterr().out, "    ")
    assert f"    $ python manage.py agreement {EXAMPLE} --level ordinal\n{printed}" in PAGE


def test_the_prevalence_example_gives_what_the_page_says() -> None:
    start = PAGE.index("    import numpy as np")
    lines = [line.strip() for line in PAGE[start : PAGE.index("\n\n`strata`")].splitlines()]
    names: dict[str, object] = {}
    exec("\n".join(lines[:-2]), names)
    for line in lines[-2:]:
        call, said = (part.strip() for part in line.split("#"))
        result = eval(call, names)
        assert isinstance(result, Prevalence)
        assert said.startswith(f"{result.share:.1%} [{100 * result.interval.low:.1f}, {100 * result.interval.high:.1f}]".replace("%", " %"))
