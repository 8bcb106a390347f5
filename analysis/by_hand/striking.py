"""What people made of words that a participant has struck is theirs to make again: it may rest on the words that went."""

from django.db.models import F

from analysis.models import Quote
from analysis.sampling.records import HumanCoding

Status = HumanCoding.Status


def take_back_from_people(interview_id: int, turn_id: int) -> None:
    """Finished codings become drafts without what showed in the turn; decisions between coders and notes, which may repeat the words, go.

    To be called inside the transaction in which the words go, the analysis being held.
    """
    rows = HumanCoding.objects.select_for_update().filter(unit__interview=interview_id).order_by("pk")
    for human in list(rows):
        if human.adjudicates:
            human.delete()
            continue
        done = human.status == Status.DONE
        draft = _without(_given(human) if done else human.draft, turn_id)
        human.codings.all().delete()
        fields = {"status": Status.DRAFT, "reopened": True, "finished_at": None} if done else {}
        HumanCoding.objects.filter(pk=human.pk).update(draft=draft, note="", revision=F("revision") + 1, **fields)


def _given(human: HumanCoding) -> dict[str, list[object]]:
    quotes = Quote.objects.filter(coding__human=human).order_by("pk").values_list("coding__code", "turn_id", "start", "end")
    return {
        "codes": list(human.codings.order_by("pk").values_list("code", flat=True)),
        "quotes": [dict(zip(("code", "turn", "start", "end"), each, strict=True)) for each in quotes],
    }


def _without(draft: dict[str, list[object]], turn_id: int) -> dict[str, list[object]]:
    """Codes shown by the turn alone go with it."""
    quotes = [quote for quote in draft.get("quotes", []) if isinstance(quote, dict)]
    left = [quote for quote in quotes if quote["turn"] != turn_id]
    gone = {quote["code"] for quote in quotes} - {quote["code"] for quote in left}
    return {"codes": [code for code in draft.get("codes", []) if code not in gone], "quotes": list(left)}
