"""Tags that people gave elsewhere become a sample's codings, by a mapping that is checked against the codebook."""

from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from analysis.by_hand.elsewhere import TagCodes, dimension_of
from analysis.codebook import CodebookDocument
from analysis.sampling.labels import labels
from analysis.sampling.records import CodingSample
from tests.analysis.results import CODEBOOK, Results

ROOT = Path(__file__).parents[3]
DOCUMENT = CodebookDocument.model_validate(CODEBOOK)
MAPPING = {
    "format": "colloquy-tags/1",
    "dimension": "fears",
    "codes": {
        "jobs": {"words": ["work", "income"], "because": "Of work."},
        "bias": {"words": ["Unfair"], "because": "Of groups."},
        "none": {"words": ["nothing"], "because": "Said so."},
    },
}


@pytest.mark.parametrize(
    ("tags", "codes"),
    [
        (("Loss of WORK",), {"jobs"}),
        (("Loss of work", "unfairness", "Weather"), {"jobs", "bias"}),
        (("Nothing named",), {"none"}),
        (("Nothing named", "Income"), {"jobs"}),
        (("Weather",), set()),
        ((), set()),
    ],
)
def test_a_tag_stands_for_the_codes_whose_words_it_holds(tags: tuple[str, ...], codes: set[str]) -> None:
    assert TagCodes.model_validate(MAPPING).of(tags) == codes


def test_a_mapping_to_what_the_codebook_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no dimension 'dreams'"):
        dimension_of(TagCodes.model_validate(MAPPING | {"dimension": "dreams"}), DOCUMENT)
    with pytest.raises(ValueError, match="the dimension 'hopes' has no code bias, jobs"):
        dimension_of(TagCodes.model_validate(MAPPING | {"dimension": "hopes"}), DOCUMENT)


@pytest.mark.parametrize("name", ["hopes", "fears"])
def test_the_mappings_in_the_documentation_fit_the_codebook_that_comes_with_the_program(name: str) -> None:
    codebook = CodebookDocument.model_validate(yaml.safe_load((ROOT / "analysis/codebooks/hopes-and-fears.yaml").read_text()))
    mapping = TagCodes.model_validate(yaml.safe_load((ROOT / f"docs/real-data/{name}.yaml").read_text()))
    assert dimension_of(mapping, codebook).key == name


@pytest.mark.django_db
def test_the_command_makes_a_sample_of_what_was_coded_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = Results()
    held = [results.interview("Something.", origin="imported", external_id=f"p{at}") for at in range(4)]
    (tmp_path / "tags.csv").write_text("id,Tag 1,Tag 2\np0,work,\np1,unfair,income\np2,weather,\np3,nothing,\np9,work,\n")
    (tmp_path / "mapping.yaml").write_text(yaml.safe_dump(MAPPING))
    asked = [str(tmp_path / "tags.csv"), "--survey", "tea", "--mapping", str(tmp_path / "mapping.yaml"), "--id", "id", "--tags", "Tag"]
    call_command("import_codings", *asked, "--sample", "All")
    left = "1 without a tag that stands for a code, 0 with several where the codebook takes one, 1 missing here"
    assert f"3 of 3 interviews are in the sample “All”. Left out: {left}." in capsys.readouterr().out
    found = {label.interview_id: (label.human, label.probability) for label in labels(CodingSample.objects.get(), "fears")}
    assert found == {held[0].pk: ({"jobs"}, 1.0), held[1].pk: ({"bias", "jobs"}, 1.0), held[3].pk: ({"none"}, 1.0)}
    call_command("import_codings", *asked, "--sample", "Two", "--units", "2")
    assert [label.probability for label in labels(CodingSample.objects.get(name="Two"), "fears")] == [2 / 3, 2 / 3]
    with pytest.raises(CommandError, match="There is a sample “Two” already"):
        call_command("import_codings", *asked, "--sample", "Two")
