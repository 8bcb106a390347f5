"""Addresses of pages that other apps may or may not bring."""

from django.urls import NoReverseMatch, reverse


def address(view: str, *args: object) -> str | None:
    """The address of the view, or None where no app has it."""
    try:
        return reverse(view, args=args)
    except NoReverseMatch:
        return None


def survey_links(slug: str) -> list[tuple[str, str]]:
    """(address, label) of a survey's other pages."""
    wanted = (
        ("surveys:landing", "Participants’ page"),
        ("admin:surveys_contact_inviting", "Invitations"),
        ("interviewer:monitor", "Fieldwork"),
        ("analysis:findings", "Findings"),
        ("coding:overview", "Coding by people"),
        ("analysis:exports", "Exports"),
    )
    return [(found, label) for view, label in wanted if (found := address(view, slug))]
