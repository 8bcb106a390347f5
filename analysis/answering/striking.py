"""What answers hold of an interview goes when its words are struck or withdrawn, and with it the sentences that rest on it."""

from analysis.answering.records import Answer, Reading, ReadingQuote
from analysis.background.records import Piece


def forget(interview_id: int) -> None:
    """To be called inside the transaction in which the words go. A person's wording is theirs: it is marked, for them to look at again."""
    for answer in Answer.objects.select_for_update().filter(pieces__interview=interview_id):
        cited = set(
            ReadingQuote.objects.filter(reading__answer=answer, reading__interview=interview_id).exclude(ref="").values_list("ref", flat=True)
        )
        answer.sentences = [each for each in answer.sentences if not cited & set(each["cites"])]
        answer.struck = True
        answer.save(update_fields=["sentences", "struck"])
    readings = Reading.objects.filter(interview=interview_id)
    ReadingQuote.objects.filter(reading__in=readings).delete()
    readings.update(status=Piece.Status.WAITING, stance="", reach="", fingerprint="", dropped=0, reason="")
