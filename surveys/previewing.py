"""Going through a draft as a participant would: a snapshot of it that is never published, interviews that are never counted."""

from django.contrib.auth.models import User
from django.db import transaction

from surveys import publishing
from surveys.models import GuideVersion, Participant, Survey


def snapshot(survey: Survey, *, by: User | None = None) -> GuideVersion:
    """The draft as it is now, in the languages that are whole, frozen for a preview. Raises DraftProblems."""
    guide = publishing.draft(survey, in_part=True)
    found = GuideVersion.every.filter(survey=survey, preview=True, sha256=(digest := publishing.sha256(guide))).first()
    return found or GuideVersion.every.create(
        survey=survey, number=0, content=guide.model_dump(mode="json"), sha256=digest, preview=True, published_by=by
    )


def previews(survey: Survey) -> int:
    """How many people's worth of previews there are."""
    return Participant.objects.filter(survey=survey, origin=Participant.Origin.PREVIEW).count()


@transaction.atomic
def clear(survey: Survey) -> int:
    """Deletes all previews with what was said in them, and how many they were. What their calls cost stays on record."""
    held = Participant.objects.filter(survey=survey, origin=Participant.Origin.PREVIEW)
    count = held.count()
    held.delete()
    GuideVersion.every.filter(survey=survey, preview=True).delete()
    return count
