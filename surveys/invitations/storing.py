"""Takes contacts in: from a file's rows, or as links with nothing but an id behind them. Each address and each id is one contact of a survey."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from surveys.invitations import addresses
from surveys.invitations.files import Problem, Row
from surveys.invitations.models import Contact
from surveys.invitations.optout import opted_out_among
from surveys.models import Participant, Survey
from surveys.withdrawal import withdrawn_among

CHUNK = 500
MOST_LINKS = 20_000
FIELDS = ("email", "email_key", "name", "language", "external_id")


@dataclass
class Stored:
    added: int = 0
    updated: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.added} added, {self.updated} updated, {len(self.problems)} {'row' if len(self.problems) == 1 else 'rows'} not taken."


class _Conflict(ValueError):
    """Why a row cannot be taken, as the sentence goes on after “Line 7”."""


@transaction.atomic
def store(survey: Survey, rows: Sequence[Row | Problem], *, source: str = "") -> Stored:
    """Takes the good rows. A row about a contact that is known fills in and replaces what it says, and leaves what it does not say."""
    Survey.objects.select_for_update().get(pk=survey.pk)  # one upload after the other
    stored = Stored(problems=[row for row in rows if isinstance(row, Problem)])
    good = [row for row in rows if isinstance(row, Row)]
    for start in range(0, len(good), CHUNK):
        _Chunk(survey, good[start : start + CHUNK], source).store(stored)
    stored.problems.sort(key=lambda problem: problem.line)
    return stored


class _Chunk:
    """Some rows, with what is on record of the people in them."""

    def __init__(self, survey: Survey, rows: Sequence[Row], source: str) -> None:
        self.survey, self.rows, self.source = survey, rows, source
        keys, ids = {row.key for row in rows if row.email}, {row.external_id for row in rows if row.external_id}
        # Two queries: one with OR would read every contact of the survey.
        found = {contact.pk: contact for contact in Contact.objects.filter(survey=survey, email_key__in=keys)}
        known = ({contact.pk: contact for contact in Contact.objects.filter(survey=survey, external_id__in=ids)} | found).values()
        self.by_key: dict[str, Contact] = {contact.email_key: contact for contact in known if contact.email_key}
        self.by_id: dict[str, Contact] = {contact.external_id: contact for contact in known if contact.external_id}
        self.withdrawn = withdrawn_among(survey.pk, keys | ids)
        self.opted_out = opted_out_among(survey.pk, keys)

    def store(self, stored: Stored) -> None:
        new: list[Contact] = []
        changed: dict[int, Contact] = {}
        for row in self.rows:
            try:
                contact = self._contact(row)
            except _Conflict as why:
                stored.problems.append(Problem(row.line, str(why)))
                continue
            differs = _take_over(row, contact)
            if not contact._state.adding:
                changed |= {contact.pk: contact} if differs else {}
            elif contact not in new:
                new.append(contact)
            self._remember(contact)
        Contact.objects.bulk_create(new)
        Contact.objects.bulk_update(changed.values(), FIELDS)
        stored.added += len(new)
        stored.updated += len(changed)

    def _contact(self, row: Row) -> Contact:
        """Whom the row is about. Raises _Conflict."""
        if {row.key, row.external_id} & self.withdrawn:
            raise _Conflict("is about someone who has withdrawn")
        by_key, by_id = self.by_key.get(row.key), self.by_id.get(row.external_id)
        found = by_key or by_id
        if found is None:
            if row.key in self.opted_out:
                raise _Conflict("has an address that wants no more e-mails")
            return Contact(survey=self.survey, source=self.source)
        if by_id not in (None, found) or (row.email and found.email_key and row.key != found.email_key):
            raise _Conflict("has the external id of another contact")
        if row.external_id and found.participant_id and row.external_id != found.external_id:
            raise _Conflict("gives another external id to someone who has begun")
        return found

    def _remember(self, contact: Contact) -> None:
        if contact.email_key:
            self.by_key[contact.email_key] = contact
        if contact.external_id:
            self.by_id[contact.external_id] = contact


def _take_over(row: Row, contact: Contact) -> bool:
    """Whether the row said something new."""
    says = {"email": row.email, "email_key": row.key, "name": row.name, "language": row.language, "external_id": row.external_id}
    new = {name: value for name, value in says.items() if value and value != getattr(contact, name)}
    for name, value in new.items():
        setattr(contact, name, value)
    return bool(new)


@transaction.atomic
def make_links(survey: Survey, count: int, *, prefix: str, source: str = "") -> list[Contact]:
    """Contacts without address or name, under ids prefix-1, prefix-2 and so on; ids that are or were in use are passed over."""
    Survey.objects.select_for_update().get(pk=survey.pk)
    start = f"{addresses.name(prefix)}-"
    taken = {
        *Contact.objects.filter(survey=survey, external_id__startswith=start).values_list("external_id", flat=True),
        *Participant.objects.filter(survey=survey, external_id__startswith=start).values_list("external_id", flat=True),
    }
    free: list[str] = []
    numbers = itertools.count(1)
    while len(free) < count:
        batch = [f"{start}{number}" for number in itertools.islice(numbers, CHUNK)]
        taken |= withdrawn_among(survey.pk, batch)
        free += [each for each in batch if each not in taken]
    return Contact.objects.bulk_create([Contact(survey=survey, external_id=each, source=source) for each in free[:count]])
