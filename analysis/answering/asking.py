"""The two prompts of an answer: how one interview speaks to it, and the answer itself. Nothing in them depends on the order of reading."""

from collections.abc import Mapping
from pathlib import Path

from analysis import wording
from analysis.answering.counting import Told
from analysis.answering.records import Answer, Inquiry
from analysis.material import Material
from analysis.prompting import as_facts, as_text
from llm import Prompt, PromptFile
from llm.prompt import Message, fence
from surveys.languages import name as language_name

FOLDER = Path(__file__).parent.parent / "prompts"
READ, WRITE = (PromptFile.load(FOLDER / f"{name}.md") for name in ("read_for", "write_answer"))
VERSION = f"{READ.version}+{WRITE.version}"
SIDES = {
    Inquiry.Kind.HYPOTHESIS: '"for" where the participant says something that supports it, "against" where they say something that contradicts it, '
    '"mixed" where they do both.',
    Inquiry.Kind.QUESTION: '"for" where the participant says something that answers it, "against" where they say that what it takes for granted does '
    'not hold for them, "mixed" where they do both.',
}


def read(answer: Answer, material: Material) -> Prompt:
    kind, text = answer.asked["kind"], answer.asked["text"]
    return Prompt(
        name="read_for",
        version=READ.version,
        system=READ.fill(kind=kind.capitalize(), text=text, sides=SIDES[Inquiry.Kind(kind)]),
        messages=(Message("user", as_text(material)),),
        max_tokens=2_000,
        facts={"text": text, "turns": as_facts(material)},
    )


def write(answer: Answer, counts: Mapping[str, str], quotes: Mapping[str, Told], language: str) -> Prompt:
    told = "\n".join(f"{ref}: {sentence}" for ref, sentence in counts.items())
    said = "\n\n".join(
        f"{ref} ({wording.country(each.country)}, {language_name(each.language)}):\n{fence(each.text, 'words')}" for ref, each in quotes.items()
    )
    return Prompt(
        name="write_answer",
        version=WRITE.version,
        system=WRITE.fill(kind=answer.asked["kind"].capitalize(), text=answer.asked["text"], language=language_name(language)),
        messages=(Message("user", f"Counts\n\n{told}\n\nQuotes\n\n{said or '(none)'}"),),
        max_tokens=3_000,
        facts={"counts": dict(counts), "quotes": {ref: each.text for ref, each in quotes.items()}},
    )
