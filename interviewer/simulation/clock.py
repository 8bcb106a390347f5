"""When a simulated interview took place: within one week of the past, at a person's pace, the same at every run."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from interviewer.models import Interview, Turn
from interviewer.simulation.profiles import Profile, seeded

START = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
SPEAKING = (2, 5)  # seconds the interviewer takes for a turn
THINKING = (4, 30)  # seconds before a participant writes
PACE = (1.5, 5.0)  # characters a second


def set_times(profile: Profile, interview: Interview, turns: Sequence[Turn]) -> None:
    """Dates the participant, the interview and its turns, in whole seconds."""
    rng = seeded(f"{profile.name}:clock")
    pace = rng.uniform(*PACE)
    now = START + timedelta(seconds=int(rng.random() * WEEK.total_seconds()))
    person = interview.participant
    person.created_at, person.profiled_at = now - timedelta(seconds=rng.randint(60, 180)), now - timedelta(seconds=10)
    interview.started_at = now
    for turn in turns:
        spoken = turn.role == Turn.Role.INTERVIEWER
        seconds = rng.randint(*SPEAKING) if spoken else rng.randint(*THINKING) + round(len(turn.text) / pace)
        now += timedelta(seconds=seconds)
        turn.created_at = now
    interview.updated_at = interview.completed_at = now
