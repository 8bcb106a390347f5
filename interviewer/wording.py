"""From a chosen move to the words that are stored: the guide's exact questions, and stock sentences where no model speaks. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from interviewer import stock
from interviewer.models import Turn
from interviewer.moves import GOES_ON, OFFERS, WORDED_BY_CODE, Ending, Move
from interviewer.policy import Options
from interviewer.records import Conversation, Words
from interviewer.speech import Spoken
from surveys.guide import Question

ABOUT_THE_QUESTION = (Move.PROBE, Move.CLARIFY, Move.RETURN)


def model_words(conversation: Conversation, options: Options, spoken: Spoken, prompt_version: str) -> Words:
    move, completion = Move(spoken.reply.move), spoken.completion
    words = Words(
        move=move,
        text=spoken.reply.say.strip(),
        question_key=options.current.key if options.current and move in ABOUT_THE_QUESTION else "",
        probe_kind=spoken.reply.probe_kind if move is Move.PROBE else "",
        model=completion.model,
        prompt_version=prompt_version,
        latency_ms=completion.latency_ms,
        first_token_ms=completion.first_token_ms,
        input_tokens=completion.usage.input + completion.usage.cache_read + completion.usage.cache_write,
        output_tokens=completion.usage.output,
    )
    if move in WORDED_BY_CODE:
        words = replace(words, text=_said_by_code(move, conversation, options))
    elif move in GOES_ON and options.next:
        words = _going_on(words, options, conversation)
    elif move is Move.ALREADY_ANSWERED and options.next and options.after_next:
        words = replace(_followed_by(words, options.after_next, conversation), covered=(options.next.key,))
    return _chosen_among(options, words)


def stock_words(conversation: Conversation, options: Options, *, wanted: Move | None = None) -> Words:
    """What code says alone: because the move needs no model, or because no model could say it.

    wanted: the move that the model chose and could not word.
    """
    return _chosen_among(options, _stock_words(conversation, options, wanted))


def support_words(conversation: Conversation, options: Options, resources: Sequence[str] = ()) -> Words:
    """What someone is told who tells of distress or danger."""
    return _chosen_among(options, Words(move=Move.SUPPORT, text=_support(conversation, resources)))


def ending(move: str, options: Options) -> Ending:
    """Why the interview is over once this move is made, if it is."""
    return Ending.OFF_TOPIC if move == Move.END_OFF_TOPIC else options.ending


def _stock_words(conversation: Conversation, options: Options, wanted: Move | None) -> Words:
    language, guide = conversation.interview.language, conversation.guide
    match options.forward:
        case Move.CLOSE:
            return Words(move=Move.CLOSE, text=_said_by_code(Move.CLOSE, conversation, options))
        case Move.SUPPORT:
            return support_words(conversation, options)
        case Move.OPEN:
            opening = Words(move=Move.OPEN, text=_opening(conversation))
            return _followed_by(opening, options.next, conversation) if options.next else opening
        case Move.AGAIN if options.next:
            return _followed_by(Words(move=Move.AGAIN, text=stock.say(stock.GO_ON, language, guide)), options.next, conversation)
    if wanted is Move.RETURN and options.current:
        return Words(move=Move.RETURN, text=stock.say(stock.RETURN, language, guide), question_key=options.current.key)
    if probe := _stock_probe(conversation, options, wanted):
        return probe
    if options.forward is Move.SUMMARISE:
        return Words(move=Move.SUMMARISE, text=stock.say(stock.ANYTHING_ELSE, language, guide))
    calm = wanted is Move.ACCEPT_REFUSAL or (conversation.last is not None and conversation.last.move != "answer")
    bridge = Words(move=wanted if wanted in GOES_ON else Move.ASK, text=stock.say(stock.GO_ON if calm else stock.BRIDGE, language, guide))
    return _going_on(bridge, options, conversation)


def said_again(conversation: Conversation, turn: Turn, resources: Sequence[str] = ()) -> Words:
    """What an interviewer's turn asked, in the language the interview has now: the exact question, or the stock sentence nearest to what was said."""
    language, guide = conversation.interview.language, conversation.guide
    words = Words(move=turn.move, text="", question_key=turn.question_key, probe_kind=turn.probe_kind, discussed=turn.discussed, allowed=turn.allowed)
    question = guide.question(turn.question_key) if turn.question_key else None
    if turn.move in OFFERS:
        return replace(words, text=_support(conversation, resources) if turn.move == Move.SUPPORT else _offer(conversation))
    if turn.move == Move.PROBE:
        return replace(words, text=stock.say(stock.PROBES.get(turn.probe_kind, stock.PROBES["elaborate"]), language, guide))
    if turn.move == Move.OPEN:
        words = replace(words, text=_opening(conversation))
    return _followed_by(words, question, conversation) if question else replace(words, text=stock.say(stock.ANYTHING_ELSE, language, guide))


def _opening(conversation: Conversation) -> str:
    language, guide = conversation.interview.language, conversation.guide
    return guide.texts[language].opening or stock.say(stock.OPENING, language, guide)


def _offer(conversation: Conversation) -> str:
    language, guide = conversation.interview.language, conversation.guide
    return f"{stock.say(stock.OFFER_END, language, guide)} {stock.say(stock.KEPT, language, guide)}"


def _support(conversation: Conversation, resources: Sequence[str]) -> str:
    """The survey's words, where help is found, and the choice to go on."""
    language, guide = conversation.interview.language, conversation.guide
    words = guide.texts[language].support or stock.say(stock.SUPPORT, language, guide)
    return "\n\n".join([words, *resources, stock.say(stock.GO_ON_OR_END, language, guide)])


def _said_by_code(move: Move, conversation: Conversation, options: Options) -> str:
    language, guide = conversation.interview.language, conversation.guide
    if move is Move.OFFER_END:
        return _offer(conversation)
    if move is Move.END_OFF_TOPIC:
        return stock.say(stock.OFF_TOPIC, language, guide)
    if options.ending is Ending.ASKED:
        return stock.say(stock.ENDED_EARLY, language, guide)
    return guide.texts[language].closing or stock.say(stock.CLOSING, language, guide)


def _stock_probe(conversation: Conversation, options: Options, wanted: Move | None) -> Words | None:
    """A follow-up where the model wanted one. Without a model, one for a question that has had none: that is still a conversation."""
    question, language = options.current, conversation.interview.language
    if question is None or Move.PROBE not in options.others or wanted not in (None, Move.PROBE):
        return None
    if wanted is None and options.probes_left < question.probe_budget:
        return None
    said = {turn.text for turn in conversation.turns}
    candidates = [("elaborate", text) for text in question.wordings[language].probes]
    candidates += [(probe.kind, probe.text) for probe in stock.probes(language, conversation.guide)]
    kind, text = next((each for each in candidates if each[1] not in said), ("", ""))
    return Words(move=Move.PROBE, text=text, question_key=question.key, probe_kind=kind) if text else None


def _going_on(words: Words, options: Options, conversation: Conversation) -> Words:
    if options.next is None:
        return words
    if options.signpost:
        half = stock.say(stock.SIGNPOST, conversation.interview.language, conversation.guide)
        words = replace(words, text=f"{words.text} {half}".strip(), signpost=True)
    return _followed_by(words, options.next, conversation)


def _followed_by(words: Words, question: Question, conversation: Conversation) -> Words:
    put = question.wordings[conversation.interview.language].text
    return replace(words, text=f"{words.text}\n\n{put}" if words.text else put, question_key=question.key)


def _chosen_among(options: Options, words: Words) -> Words:
    discussed = options.current.key if options.current else ""
    return replace(words, discussed=discussed, allowed=",".join(options.moves))
