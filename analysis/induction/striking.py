"""What rounds made of an interview goes when its words are struck or withdrawn; the interview is read again when the round goes on."""

from analysis.background.records import Piece
from analysis.induction.records import Candidate, Proposal, RoundInterview

Status = Candidate.Status


def forget(interview_id: int) -> None:
    """To be called inside the transaction in which the words go. Codes that a person has worded are that person's."""
    proposals = Proposal.objects.filter(piece__interview=interview_id)
    touched = set(proposals.exclude(candidate=None).values_list("candidate", flat=True))
    proposals.delete()
    RoundInterview.objects.filter(interview=interview_id).update(status=Piece.Status.WAITING, dropped=0, reason="")
    homes = Candidate.objects.filter(pk__in=touched).exclude(merged_into=None).values_list("merged_into", flat=True)
    for candidate in Candidate.objects.filter(pk__in={*touched, *homes}, edited_by=None):
        _word_anew(candidate)


def _word_anew(candidate: Candidate) -> None:
    """Its words were made of all its proposals: it is worded again, and decided again, or it is gone."""
    left = Proposal.objects.filter(candidate=candidate).order_by("pk").first() or Proposal.objects.filter(candidate__merged_into=candidate).first()
    if left is None:
        Candidate.objects.filter(pk=candidate.pk).delete()
        return
    status = Status.PROPOSED if candidate.status == Status.ACCEPTED else candidate.status
    words = {"label": left.label, "definition": left.definition, "include": "", "exclude": "", "reason": "", "described": False, "status": status}
    Candidate.objects.filter(pk=candidate.pk).update(revision=candidate.revision + 1, **words)
