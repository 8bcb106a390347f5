"""The offline interviewer: a fixed rule for each turn, worded from the guide's probes and stock phrases, never praising, never leading."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llm.offline.lexicon import declines, denies, gives_example, gives_reason, wants_to_stop
from llm.offline.text import is_gibberish, is_question, quoted, sentences, shortened, weight

Facts = Mapping[str, Any]
Turn = dict[str, str]
RICH = 45  # words
SHORT = 12
TINY = 4
LONGEST_QUESTION_BACK = 25
LONGEST_QUOTE = 140  # characters
MOST_QUOTES = 12
_QUESTION_MARK = re.compile("[?؟？;\u037e՞፧]")  # a summary puts one question, its own


def next_turn(facts: Facts) -> Turn:
    """{move, probe_kind, say}: a reply to the participant's last words within the moves allowed."""
    if "offer_end" in facts["allowed"] and wants_to_stop(facts["answer"], facts["language"]):
        return _turn("offer_end", "")
    if clarification := _clarification(facts):
        return _turn("clarify", clarification, kind="clarify")
    if is_gibberish(facts["answer"]) and (back := next((move for move in ("end_off_topic", "return") if move in facts["allowed"]), "")):
        return _turn(back, facts["back_to_the_question"] if back == "return" else "")
    if probe := _probe(facts):
        return _turn("probe", probe["text"], kind=probe["kind"])
    return _onward(facts)


def _turn(move: str, say: str, *, kind: str = "none") -> Turn:
    return {"move": move, "probe_kind": kind, "say": say}


def _onward(facts: Facts) -> Turn:
    """Go on where allowed, else sum up or close; where the guide allows none of it, the first move it does allow."""
    fits = {"accept_refusal": _refuses(facts), "exhausted": _has_no_more(facts)}
    for move in (*filter(fits.get, fits), "ask", "summarise", "close", *facts["allowed"]):
        if move in facts["allowed"]:
            break
    if move == "summarise":
        return _turn(move, summary(facts))
    if move in ("probe", "clarify"):
        probe = next(_unsaid(facts), None) or facts["probes"][0]
        return _turn(move, probe["text"], kind=probe["kind"])
    return _turn(move, facts["acceptance"] if move == "accept_refusal" else facts["bridge"])


def _refuses(facts: Facts) -> bool:
    return declines(facts["answer"], facts["language"]) and not denies(facts["answer"], facts["language"])


def _has_no_more(facts: Facts) -> bool:
    return _just_probed(facts) and (weight(facts["answer"]) <= TINY or declines(facts["answer"], facts["language"]))


def _clarification(facts: Facts) -> str:
    """What to say to a short question of the participant's own, unless it has just been said."""
    answer = facts["answer"]
    if "clarify" not in facts["allowed"] or not _asks_back(answer):
        return ""
    known = facts.get("clarification") or next((probe["text"] for probe in facts["probes"] if probe["kind"] == "clarify"), "")
    return "" if known in facts["said"][-1:] else known


def _asks_back(answer: str) -> bool:
    return is_question(answer) and not is_gibberish(answer) and weight(answer) <= LONGEST_QUESTION_BACK


def _probe(facts: Facts) -> Mapping[str, str] | None:
    """The probe this answer calls for, the survey's own first, if any is left that has not been put."""
    answer, language = facts["answer"], facts["language"]
    if "probe" not in facts["allowed"] or declines(answer, language):
        return None
    wanted = _wanted(facts)
    suggested = len(facts["probes"]) - len(_stock(facts["probes"]))
    ours = [probe for probe in facts["probes"][:suggested] if _fits(probe, answer, language)] if wanted else []
    in_order = ours + [probe for kind in wanted for probe in facts["probes"] if probe["kind"] == kind]
    unsaid = list(_unsaid(facts))
    return next((probe for probe in in_order if probe in unsaid), None)


def _wanted(facts: Facts) -> list[str]:
    """The kinds of probe that the answer leaves room for, most useful first."""
    answer, language, length = facts["answer"], facts["language"], weight(facts["answer"])
    if length <= TINY:
        return [] if _just_probed(facts) else ["elaborate"]
    example, reason = gives_example(answer, language), gives_reason(answer, language)
    if length >= RICH and example and reason:
        return []
    missing = (["elaborate"] if length < SHORT else []) + ([] if example else ["example"]) + ([] if reason else ["reason"])
    return missing or ["elaborate", "contrast"]


def _fits(probe: Mapping[str, str], answer: str, language: str) -> bool:
    if probe["kind"] == "example":
        return not gives_example(answer, language)
    if probe["kind"] == "reason":
        return not gives_reason(answer, language)
    return probe["kind"] != "clarify"


def _stock(probes: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    """The tail in which each kind stands once; what comes before it was suggested by the survey."""
    kinds: set[str] = set()
    for start in range(len(probes) - 1, -1, -1):
        if probes[start]["kind"] in kinds:
            return probes[start + 1 :]
        kinds.add(probes[start]["kind"])
    return probes


def _unsaid(facts: Facts) -> Iterator[Mapping[str, str]]:
    return (probe for probe in facts["probes"] if not any(probe["text"] in said for said in facts["said"]))


def _just_probed(facts: Facts) -> bool:
    return bool(facts["said"]) and any(probe["text"] in facts["said"][-1] for probe in facts["probes"])


def summary(facts: Facts) -> str:
    """Lead, a line per question in the participant's own words, close. With nothing to repeat, the close alone."""
    lines = [f"– {quoted(shortened(_gist(words), LONGEST_QUOTE), facts['language'])}" for words in _substance(facts)]
    return "\n".join([facts["summary_lead"], *lines, facts["summary_close"]] if lines else [facts["summary_close"]])


def _substance(facts: Facts) -> list[str]:
    """The first answer to each question that says something."""
    first: dict[str, str] = {}
    for question, words in facts["answers"]:
        if words.strip() and not any(says_nothing(words, facts["language"]) for says_nothing in (declines, wants_to_stop)) and not _asks_back(words):
            first.setdefault(question, words)
    return list(first.values())[:MOST_QUOTES]


def _gist(words: str) -> str:
    """The first sentence of more than a few words that asks nothing, else the first as far as it asks nothing."""
    found = sentences(words) or [words.strip()]
    for sentence in found:
        if weight(sentence) > TINY and not _QUESTION_MARK.search(sentence):
            return sentence
    told, *asked = _QUESTION_MARK.split(found[0], maxsplit=1)
    return f"{told}…" if asked else told
