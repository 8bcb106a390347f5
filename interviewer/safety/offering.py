"""The help lines of a participant's country and language, as they stand in the turn that offers help."""

from interviewer.records import Conversation
from surveys.support import SupportResource, resources_for


def help_lines(conversation: Conversation) -> tuple[str, ...]:
    interview = conversation.interview
    return tuple(as_text(each) for each in resources_for(interview.participant.country, interview.language))


def as_text(resource: SupportResource) -> str:
    """Name, number, hours and address, each a line."""
    return "\n".join(line for line in (resource.name, resource.contact, resource.note, resource.url) if line)
