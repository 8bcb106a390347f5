"""What a simulated participant says to a question, from the sentences of a language: pure, seeded, repeatable."""

import random
from collections.abc import Sequence

from interviewer.simulation.profiles import NONE, Profile, seeded
from interviewer.simulation.sentences import Library, library, tongue
from surveys.guide import Guide

FOLLOW_UPS = 3
SUMMARY = "summary"
# Where each dimension of the hidden truth is told: the key of the guide question, or the closing summary.
TOLD_IN = {"hopes": "magic_wand", "delivered": "delivered", "fears": "concerns", "sentiment": SUMMARY}
DRUMMED = ("jjjjjjjjjjjj", "lalalalalalala", "????????????")  # what hands without a mind type, in any language
STOPS_AT = "delivered"  # the question at which half of the hostile want to stop, when asked again
_OPENER = {"talkative": 0.5, "plain": 0.2, "rambling": 1.0}


def written_language(profile: Profile, guide: Guide, question_key: str) -> str:
    """The language of their words in answer to a question (SUMMARY or '': to the closing summary); who switches does so halfway."""
    keys = [question.key for question in guide.questions]
    place = keys.index(question_key) if question_key in keys else len(keys)
    if profile.second and 2 * place >= len(keys):
        return profile.second
    return tongue(profile.language)


def sentences_for(profile: Profile, guide: Guide, question_key: str) -> Library:
    return library(written_language(profile, guide, question_key))


def answers_for(profile: Profile, question_key: str, library: Library) -> list[str]:
    """What this person says: first to the question (SUMMARY: to the closing summary), then to each of up to FOLLOW_UPS follow-ups.

    The hope, the help and all fears are in the first answers, so that the truth does not depend on how often somebody asks again.
    A person who refuses says nothing about their last use of AI or their fears; who is off topic, hostile or types nonsense, nothing
    about their last use. To a question it does not know, a person gives a reply without content.
    """
    rng = seeded(f"{profile}:{question_key}")
    said = _said(profile, question_key, library, rng)
    return [_first(profile, question_key, library, said[0], rng), *_further(profile, question_key, library, said, rng)[:FOLLOW_UPS]]


def _said(profile: Profile, question_key: str, library: Library, rng: random.Random) -> list[str]:
    """The statements with content, the first answer first."""
    match question_key:
        case "last_use":
            return [rng.choice(library.last_use)]
        case "magic_wand":
            return rng.sample(library.hopes[profile.hope], k=2)
        case "delivered":
            return rng.sample(library.delivered[profile.delivered], k=2)
        case "concerns":
            pairs = [rng.sample(library.fears[fear], k=2) for fear in profile.fears]
            return [library.joined(*(pair[0] for pair in pairs)), pairs[0][1]]
        case "summary":
            return [library.joined(rng.choice(library.summary_reply), library.overall[str(profile.sentiment)])]
    return [rng.choice(library.more)]


def _first(profile: Profile, question_key: str, library: Library, said: str, rng: random.Random) -> str:
    has_truth = question_key in TOLD_IN.values()
    match profile.manner:
        case "refusing" if question_key in ("last_use", "concerns"):
            return rng.choice(library.refusals)
        case "off_topic" | "hostile":
            aside = rng.choice(library.off_topic if profile.manner == "off_topic" else library.hostile)
            return library.joined(aside, said) if has_truth else aside
        case "nonsense" if question_key == "last_use":
            return rng.choice(DRUMMED)
        case "rambling":
            return library.joined(rng.choice(library.openers), *_beside_the_point(library, rng), said, rng.choice(library.more))
    has_content = {"magic_wand": profile.hope, "concerns": profile.fears[0]}.get(question_key, NONE) != NONE
    if has_content and rng.random() < _OPENER.get(profile.manner, 0.0):
        return library.joined(rng.choice(library.openers), said)
    return said


def _further(profile: Profile, question_key: str, library: Library, said: Sequence[str], rng: random.Random) -> list[str]:
    """What comes after the first answer, each time somebody asks again."""
    own = {
        "refusing": library.refusals,
        "terse": library.minimal,
        "off_topic": library.off_topic,
        "hostile": library.hostile,
        "nonsense": DRUMMED,
    }.get(profile.manner, library.more)
    further = rng.sample(own, k=len(own))
    match profile.manner:
        case "talkative":
            return [*said[1:2], *further]
        case "hostile" if question_key == STOPS_AT and rng.random() < 0.5:
            return [library.stop, *further]
        case "rambling":
            return [library.joined(*_beside_the_point(library, rng), each) for each in (*said[1:2], *further)]
    return further


def _beside_the_point(library: Library, rng: random.Random) -> list[str]:
    return [rng.choice(library.last_use), rng.choice(library.off_topic)]
