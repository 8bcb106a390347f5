"""Real answers with tags, coded through the wire by a stand-in of known error: what is corrected holds what all tags say."""

import csv
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.core.management import call_command

from analysis.by_hand.elsewhere import TagCodes
from analysis.estimation import Prevalence
from analysis.prevalence.printing import results
from llm import choose
from surveys.models import Survey
from tests.support import answers
from tests.support.messages_server import MessagesServer

FOLDER = Path(os.environ.get("COLLOQUY_REAL_DATA", "absent"))
MAPPING = Path(__file__).parents[1] / "docs/real-data/fears.yaml"
FOUND, ADDED, ROWS = 0.8, 0.08, 300  # of the codes that hold, of those that do not, of the file
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="COLLOQUY_REAL_DATA does not name the folder with the real answers"),
]


def tagged() -> list[dict[str, str]]:
    with (FOLDER / "fears_labelled.csv").open(encoding="utf-8-sig", newline="") as file:
        return random.Random(1).sample(list(csv.DictReader(file)), ROWS)


def coder(rows: list[dict[str, str]], mapping: TagCodes) -> Any:
    """Answers as the tags say, but misses and adds codes; the first words of the answer are its quote."""
    by_words = {row["ResponseText"].strip()[:40]: [value for key, value in row.items() if key.startswith("Tag") and value] for row in rows}

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        asked = answers.schema_of(body)
        if "fears" not in asked.get("properties", {}):
            return answers.default_answer(body)
        said = next((start for start in by_words if start and start in json.dumps(body["messages"], ensure_ascii=False)), "")
        luck = random.Random(said)
        codes = asked["$defs"]["FearsGiven"]["properties"]["code"]["enum"]
        holds = mapping.of(by_words.get(said, []))
        given = [code for code in codes if code != "none" and luck.random() < (FOUND if code in holds else ADDED)] or ["none"]
        full: dict[str, Any] = answers.default_answer(body)
        entry = full["fears"][0]
        quotes = [{"turn": 2, "text": said[:20]}] if said else []
        return full | {"fears": [entry | {"code": code, "confidence": 0.8, "quotes": quotes if code != "none" else []} for code in given]}

    return answer


def test_what_is_corrected_from_a_sample_holds_what_all_tags_say(messages_server: MessagesServer, settings: Any, tmp_path: Path) -> None:
    rows, mapping = tagged(), TagCodes.model_validate(yaml.safe_load(MAPPING.read_text()))
    messages_server.answer = coder(rows, mapping)
    settings.LLM = settings.LLM | {"backend": "anthropic", "api_key": "k", "base_url": messages_server.url, "analyst": "claude-test"}
    choose.model_for.cache_clear()
    cache.clear()
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    where = [str(tmp_path / "rows.csv"), "--survey", "real", "--id", "Participant ID"]
    call_command("import_interviews", *where, "--create", "--text", "ResponseText", "--question", "concerns")
    call_command("analyse", "--survey", "real")
    for name, units in (("All", "0"), ("Drawn", "120")):
        call_command("import_codings", *where, "--mapping", str(MAPPING), "--tags", "Tag", "--sample", name, "--units", units)
    choose.model_for.cache_clear()
    survey = Survey.objects.get(slug="real")
    truth = results(survey, dimension="fears", sample="All")["fears"].overall
    found = results(survey, dimension="fears", sample="Drawn")["fears"].overall
    shown = [(row.raw, row.corrected, truth[code].corrected) for code, row in found.items() if isinstance(row.corrected, Prevalence)]
    assert len(shown) >= 15
    corrected = [figure.interval.low <= all_tags.share <= figure.interval.high for _, figure, all_tags in shown if isinstance(all_tags, Prevalence)]
    raw = [
        figure.interval.low <= all_tags.share <= figure.interval.high for figure, _, all_tags in shown if all_tags and isinstance(figure, Prevalence)
    ]
    print(f"The tags' share lies in {sum(corrected)} of {len(corrected)} corrected intervals, in {sum(raw)} of {len(raw)} raw ones.")
    assert sum(corrected) >= 0.75 * len(corrected)  # 95 % are to be expected, of codes that are not independent
    assert sum(raw) <= 0.5 * len(raw)
