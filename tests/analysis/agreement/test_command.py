"""`manage.py agreement`: what it prints, what it refuses, and where in the file the fault is."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.analysis.agreement.tables import KRIPPENDORFF_C, MADE


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return tmp_path / "codings.csv"


def write(path: Path, coders: tuple[str, ...], *, languages: str = "") -> None:
    lines = ["unit,coder,value" + (",language" if languages else "")]
    for coder, values in enumerate(coders):
        for unit, value in enumerate(values):
            lines.append(f"u{unit},c{coder},{value.strip('.')}" + (f",{languages[unit]}x" if languages else ""))
    path.write_text("\n".join(lines), encoding="utf-8-sig")


def run(path: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("agreement", str(path), *options)
    return capsys.readouterr().out


def run_json(path: Path, *options: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(path, "--json", *options, capsys=capsys))
    return answer


def test_numbers_are_reported_at_every_level(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(csv, KRIPPENDORFF_C)
    statistics = run_json(csv, capsys=capsys)["statistics"]
    alphas = {level: statistics[f"krippendorff_alpha_{level}"] for level in ("nominal", "ordinal", "interval")}
    assert {level: round(alpha["value"], 3) for level, alpha in alphas.items()} == {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}
    assert all(alpha["low"] < alpha["value"] < alpha["high"] and alpha["n"] == 11 for alpha in alphas.values())
    assert [pair["coders"] for pair in statistics["cohen_kappa_by_pair"]] == [
        ["c0", "c1"],
        ["c0", "c2"],
        ["c0", "c3"],
        ["c1", "c2"],
        ["c1", "c3"],
        ["c2", "c3"],
    ]
    assert statistics["cohen_kappa_by_pair"][0] == {"coders": ["c0", "c1"], "too_few": True, "n": 9, "needed": 10}


def test_a_level_that_is_asked_for_is_the_only_one_beside_nominal(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(csv, MADE[:2])
    assert list(run_json(csv, "--level", "ordinal", capsys=capsys)["statistics"]) == [
        "percent_agreement",
        "cohen_kappa",
        "cohen_kappa_linear",
        "fleiss_kappa",
        "krippendorff_alpha_nominal",
        "krippendorff_alpha_ordinal",
        "gwet_ac1",
        "gwet_ac2_linear",
    ]


def test_languages_are_reported_one_by_one_if_the_file_has_them(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(csv, MADE[:2], languages="e" * 20 + "f" * 10)
    answer = run_json(csv, "--level", "nominal", capsys=capsys)
    assert {name: part["units"] for name, part in answer["by_language"].items()} == {"ex": 20, "fx": 10}
    assert answer["by_language"]["fx"]["statistics"]["cohen_kappa"]["too_few"] is True
    assert "Language fx: 10 units, 2 coders, 5 values\nToo few to say: 8 of the 10 units needed." in run(csv, capsys=capsys)


def test_the_same_seed_prints_the_same(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(csv, MADE)
    assert run(csv, "--seed", "3", capsys=capsys) == run(csv, "--seed", "3", capsys=capsys) != run(csv, "--seed", "4", capsys=capsys)


def test_agreement_is_undefined_in_words_and_never_nan(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(csv, ("a" * 12, "a" * 12))
    statistics = run_json(csv, capsys=capsys)["statistics"]
    assert statistics["cohen_kappa"] == {"coders": ["c0", "c1"], "undefined": "every coding is 'a', so chance alone would agree as much", "n": 12}
    assert statistics["percent_agreement"]["value"] == 1.0


def test_words_in_order_can_be_ordinal(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = {"1": "low", "2": "middle", "3": "high"}
    rows = [
        f"u{unit},{coder},{words[value]}" for coder, values in (("a", "123123123123"), ("b", "123223123113")) for unit, value in enumerate(values)
    ]
    csv.write_text("unit,coder,value\n" + "\n".join(rows))
    with pytest.raises(CommandError, match="The ordinal level needs values that are numbers, or their order"):
        run(csv, "--level", "ordinal", capsys=capsys)
    statistics = run_json(csv, "--order", "low,middle,high", capsys=capsys)["statistics"]
    # One step apart twice in twelve: of the ordinal alpha of 1, 2, 3.
    write(csv, ("123123123123", "123223123113"))
    assert statistics["krippendorff_alpha_ordinal"] == run_json(csv, capsys=capsys)["statistics"]["krippendorff_alpha_ordinal"]


def test_several_values_of_a_unit_are_codes_given_or_not(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"u{unit},{coder},jobs" for unit in range(12) for coder in "ab"] + ["u0,a,truth", "u1,a,truth", "u0,b,truth"]
    csv.write_text("unit,coder,value\n" + "\n".join(rows))
    codes = run_json(csv, "--multiple", capsys=capsys)["codes"]
    assert list(codes) == ["jobs", "truth"]
    assert (codes["truth"]["values"], codes["truth"]["units"]) == (["no", "yes"], 12)
    assert round(codes["truth"]["statistics"]["percent_agreement"]["value"], 3) == 0.917
    assert "undefined" in codes["jobs"]["statistics"]["cohen_kappa"]


def test_a_code_column_makes_a_table_for_every_code(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        f"{unit},{coder},{code},{(unit + (code == 'y' and coder == 'b' and unit < 3)) % 2}" for unit in range(12) for coder in "ab" for code in "xy"
    ]
    csv.write_text("unit,coder,code,value\n" + "\n".join(rows))
    codes = run_json(csv, capsys=capsys)["codes"]
    assert {code: part["statistics"]["percent_agreement"]["value"] for code, part in codes.items()} == {"x": 1.0, "y": 0.75}


def test_weights_count(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{unit},{coder},{(unit + (coder == 'b' and unit == 0)) % 2},{9 if unit == 0 else 1}" for unit in range(12) for coder in "ab"]
    csv.write_text("unit,coder,value,weight\n" + "\n".join(rows))
    assert run_json(csv, capsys=capsys)["statistics"]["percent_agreement"]["value"] == pytest.approx(11 / 20)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("unit,value\n1,a", "line 1: no column coder"),
        ("unit,coder,value\n1,a,x\n1,a,y", "line 3: a coded unit 1 in line 2 already; --multiple allows several values"),
        ("unit,coder,value\n,a,x\n1,,y", "line 2: no unit\nline 3: no coder"),
        ("unit,coder,value,weight\n1,a,x,none", "line 2: weight 'none' is not a number above 0"),
        ("unit,coder,value,weight\n1,a,x,2\n1,b,x,3", "line 3: unit 1 weighs 3, but 2 in line 2"),
        ("unit,coder,value,language\n1,a,x,en\n1,b,x,fr", "line 3: unit 1 has the language 'fr', but 'en' in a line before"),
        ("unit;coder;value\n1;a;x\n1;a;x", "line 3: a coded unit 1 in line 2 already; --multiple allows several values"),
    ],
)
def test_a_fault_is_said_with_its_line(csv: Path, text: str, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    csv.write_text(text)
    with pytest.raises(CommandError) as refused:
        run(csv, capsys=capsys)
    assert str(refused.value) == f"{csv} cannot be used.\n{fault}"


def test_a_file_that_is_not_there_or_not_text_or_empty_is_refused(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        run(csv, capsys=capsys)
    csv.write_bytes(b"unit,coder,value\n1,a,\xff")
    with pytest.raises(CommandError, match="line 2: not UTF-8"):
        run(csv, capsys=capsys)
    csv.write_text("unit,coder,value\n1,a,\n")
    with pytest.raises(CommandError, match="holds no codings"):
        run(csv, capsys=capsys)
