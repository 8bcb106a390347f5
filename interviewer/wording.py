"""From a chosen move to the words that are stored: the guide's exact questions, and stock sentences where no model speaks. Pure."""

from dataclasses import replace

from interviewer import stock
from interviewer.policy import Options
from interviewer.records import Conversation, Words
from interviewer.reply import Move
from interviewer.speech import Spoken
from surveys.guide import Question


def model_words(conversation: Conversation, options: Options, spoken: Spoken, prompt_version: str) -> Words:
    move, completion = Move(spoken.reply.move), spoken.completion
    words = Words(
        move=move,
        text=spoken.reply.say.strip(),
        question_key=options.current.key if options.current and move in (Move.PROBE, Move.CLARIFY) else "",
        probe_kind=spoken.reply.probe_kind if move is Move.PROBE else "",
        model=completion.model,
        prompt_version=prompt_version,
        latency_ms=completion.latency_ms,
        first_token_ms=completion.first_token_ms,
        input_tokens=completion.usage.input + completion.usage.cache_read + completion.usage.cache_write,
        output_tokens=completion.usage.output,
    )
    if move is Move.ASK and options.next:
        return _followed_by(words, options.next, conversation)
    if move is Move.ALREADY_ANSWERED and options.next and options.after_next:
        return replace(_followed_by(words, options.after_next, conversation), covered=(options.next.key,))
    return words


def stock_words(conversation: Conversation, options: Options, *, wanted: Move | None = None) -> Words:
    """What code says alone: because the move needs no model, or because no model could say it.

    wanted: the move that the model chose and could not word.
    """
    language = conversation.interview.language
    texts = conversation.guide.texts[language]
    last_move = conversation.turns[-1].move if conversation.turns else ""
    match options.forward:
        case Move.CLOSE if last_move == "end":
            return Words(move=Move.CLOSE, text=stock.say(stock.ENDED_EARLY, language))
        case Move.CLOSE:
            return Words(move=Move.CLOSE, text=texts.closing or stock.say(stock.CLOSING, language))
        case Move.OPEN:
            opening = Words(move=Move.OPEN, text=texts.opening or stock.say(stock.OPENING, language))
            return _followed_by(opening, options.next, conversation) if options.next else opening
    if probe := _stock_probe(conversation, options, wanted):
        return probe
    if options.forward is Move.SUMMARISE or options.next is None:
        return Words(move=Move.SUMMARISE, text=stock.say(stock.ANYTHING_ELSE, language))
    bridge = stock.GO_ON if last_move == "skip" else stock.BRIDGE
    return _followed_by(Words(move=Move.ASK, text=stock.say(bridge, language)), options.next, conversation)


def _stock_probe(conversation: Conversation, options: Options, wanted: Move | None) -> Words | None:
    """A follow-up where the model wanted one. Without a model, one for a question that has had none: that is still a conversation."""
    question, language = options.current, conversation.interview.language
    if question is None or Move.PROBE not in options.others or wanted not in (None, Move.PROBE):
        return None
    if wanted is None and options.probes_left < question.probe_budget:
        return None
    said = {turn.text for turn in conversation.turns}
    candidates = [("elaborate", text) for text in question.wordings[language].probes]
    candidates += [(probe.kind, probe.text) for probe in stock.probes(language)]
    kind, text = next((each for each in candidates if each[1] not in said), ("", ""))
    return Words(move=Move.PROBE, text=text, question_key=question.key, probe_kind=kind) if text else None


def _followed_by(words: Words, question: Question, conversation: Conversation) -> Words:
    put = question.wordings[conversation.interview.language].text
    return replace(words, text=f"{words.text}\n\n{put}" if words.text else put, question_key=question.key)
