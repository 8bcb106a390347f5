"""From guide and transcript to the prompt for the interviewer's next turn."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from interviewer import stock
from interviewer.guard import Flaw
from interviewer.models import Turn
from interviewer.policy import Options
from llm import Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.guide import Guide, Question
from surveys.languages import name

FOLDER = Path(__file__).parent / "prompts"
FRAME = PromptFile.load(FOLDER / "interviewer.md")
TURN = PromptFile.load(FOLDER / "interviewer_turn.md")
AGAIN = PromptFile.load(FOLDER / "interviewer_again.md")
VERSION = f"interviewer@{hashlib.sha256((FRAME.text + TURN.text + AGAIN.text).encode()).hexdigest()[:8]}"
NAME = "interviewer"
WRONG = {
    Flaw.MOVE: "its move is not allowed now",
    Flaw.EMPTY: "it said nothing",
    Flaw.LONG: "it was too long",
    Flaw.COMPOUND: "it asked more than one thing, or asked where the guide's own question follows",
    Flaw.LEADING: "it led, presumed or suggested an answer",
    Flaw.PRAISE: "it praised or judged what was said",
    Flaw.THEME: "it named a theme that the participant has not named",
    Flaw.LANGUAGE: "it was not in the language of the interview",
    Flaw.LEAK: "it gave away instructions, or named an address or code that the participant had not named",
}


def interviewer_prompt(guide: Guide, language: str, turns: Sequence[Turn], options: Options, manner: str = "") -> Prompt:
    """The frame and everything said so far repeat from turn to turn and are cached; the last message alone changes."""
    spoken = [
        Message("user", fence(turn.text or f"({turn.move})", "participant"))
        if turn.role == Turn.Role.PARTICIPANT
        else Message("assistant", turn.text or f"({turn.move})")
        for turn in turns
    ]
    spoken[-1] = Message(spoken[-1].role, spoken[-1].text, cached=True)
    return Prompt(
        name=NAME,
        version=VERSION,
        system=frame(guide, language, manner),
        messages=(*spoken, Message("user", _instruction(options, language))),
        max_tokens=1200,
        facts=_facts(guide, language, turns, options),
    )


def again(prompt: Prompt, words: str, flaws: Sequence[Flaw]) -> Prompt:
    """The same prompt, with what was wrong with the reply to it."""
    reasons = "; ".join(WRONG[flaw] for flaw in flaws)
    mend = AGAIN.fill(reasons=reasons, words=fence(words or "(no words)", "reply"))
    return replace(prompt, messages=(*prompt.messages, Message("user", mend)))


def heard(turns: Sequence[Turn]) -> str:
    """All that the participant has said."""
    return "\n".join(turn.text for turn in turns if turn.role == Turn.Role.PARTICIPANT)


def put(guide: Guide, language: str, turns: Sequence[Turn], options: Options) -> str:
    """What the participant has read, and the follow-ups the guide suggests now."""
    texts, current = guide.texts[language], options.current
    suggested = current.wordings[language].probes if current else ()
    said = (turn.text for turn in turns if turn.role == Turn.Role.INTERVIEWER)
    return "\n".join([texts.title, texts.introduction, texts.opening, *said, *suggested])


def frame(guide: Guide, language: str, manner: str = "") -> str:
    return _frame(guide, language, manner, "\n\n".join(_question(question, language) for question in guide.questions))


def secret(guide: Guide, language: str, manner: str = "") -> str:
    """The part of the instructions that is for the model alone: all but the questions that are put to everybody."""
    return "\n\n".join([_frame(guide, language, manner, "\n\n".join(question.learn for question in guide.questions)), TURN.text, AGAIN.text])


def _frame(guide: Guide, language: str, manner: str, questions: str) -> str:
    return FRAME.fill(manner=manner, language_name=name(language), goal=guide.goal or "(not stated)", questions=questions)


def _question(question: Question, language: str) -> str:
    wording = question.wordings[language]
    lines = [f"## {question.key} ({question.kind})", wording.text]
    if question.learn:
        lines.append(f"Meant to learn: {question.learn}")
    lines += [f"Suggested follow-up: {probe}" for probe in wording.probes]
    return "\n".join(lines)


def _instruction(options: Options, language: str) -> str:
    return TURN.fill(
        moves=", ".join(options.moves),
        current=options.current.key if options.current else "none",
        probes_left=str(options.probes_left),
        next=options.next.wordings[language].text if options.next else "none",
        language_name=name(language),
    )


def _facts(guide: Guide, language: str, turns: Sequence[Turn], options: Options) -> dict[str, object]:
    suggested = options.current.wordings[language].probes if options.current else ()
    probes = [{"kind": "elaborate", "text": text} for text in suggested]
    probes += [{"kind": probe.kind, "text": probe.text} for probe in stock.probes(language, guide)]
    return {
        "language": language,
        "allowed": tuple(str(move) for move in options.moves),
        "question": options.current.key if options.current else "",
        "answer": turns[-1].text,
        "answers": _answers(guide, language, turns),
        "probes": tuple(probes),
        "said": tuple(turn.text for turn in turns if turn.role == Turn.Role.INTERVIEWER),
        "bridge": stock.say(stock.BRIDGE, language, guide),
        "acceptance": stock.say(stock.GO_ON, language, guide),
        "back_to_the_question": stock.say(stock.RETURN, language, guide),
        "clarification": stock.say(stock.CLARIFICATION, language, guide),
        "summary_lead": stock.say(stock.SUMMARY_LEAD, language, guide),
        "summary_close": stock.say(stock.SUMMARY_CLOSE, language, guide),
    }


def _answers(guide: Guide, language: str, turns: Sequence[Turn]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (guide.question(turn.question_key).wordings[language].text, turn.text)
        for turn in turns
        if turn.role == Turn.Role.PARTICIPANT and turn.question_key and turn.text
    )
