"""Exported files: made in the background, taken away in parts, gone in time or when somebody takes their words back."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import transaction
from django.test import AsyncClient, Client
from django.utils import timezone

from analysis.export.formats import FORMATS
from analysis.exporting import running
from analysis.exporting.records import ExportJob
from analysis.privacy.records import ExportMade
from analysis.tasks import make_export
from interviewer import striking
from interviewer.withdrawing import withdraw
from tests.analysis.results import Results

pytestmark = pytest.mark.django_db(transaction=True)
Status = ExportJob.Status
BEGIN = "/findings/tea/exports/files/begin"


@pytest.fixture(autouse=True)
def _no_queue(settings: Any, tmp_path: Path) -> None:
    settings.REDIS_URL, settings.EXPORTS_DIR = "", tmp_path / "exports"


@pytest.fixture
def results() -> Results:
    results = Results()
    results.code(results.interview("I fear for jobs.", "=1+1", country="FR"), "fears", "jobs", "jobs")
    results.people(2)
    return results


def researcher(client: Client, *, team: bool = True, name: str = "ada") -> User:
    user = User.objects.create_user(name, is_staff=True)
    if team:
        user.user_permissions.add(Permission.objects.get(codename="export_for_team"))
    client.force_login(user)
    return user


def asked(client: Client, form: str = "jsonl", readers: str = "team", **fields: str) -> ExportJob:
    client.post(BEGIN, {"format": form, "readers": readers, **fields})
    return ExportJob.objects.latest("id")


def made(client: Client, form: str = "jsonl", **fields: str) -> ExportJob:
    job = asked(client, form, **fields)
    make_export(job.pk)
    job.refresh_from_db()
    return job


def address(job: ExportJob) -> str:
    return f"/findings/tea/exports/files/{job.pk}"


def kept() -> list[str]:
    return sorted(path.name for path in running.folder().iterdir())


@pytest.mark.parametrize("form", FORMATS)
def test_the_page_gives_the_bytes_that_the_command_writes(client: Client, results: Results, tmp_path: Path, form: str) -> None:
    user = researcher(client)
    job = made(client, form)
    assert (job.status, job.by, job.by_name, job.public) == (Status.DONE, user, "ada", False)
    sent = client.get(address(job))
    call_command("export", "tea", format=form, output=tmp_path / "there", verbosity=0, stdout=io.StringIO())
    content = b"".join(sent.streaming_content)
    assert content == (tmp_path / "there").read_bytes()
    assert (sent.status_code, sent.headers["Content-Length"], sent.headers["ETag"]) == (200, str(len(content)), f'"{job.sha256}"')
    assert sent.headers["Content-Disposition"] == f'attachment; filename="tea.{form}"'
    assert client.get(f"{address(job)}/manifest.json").json()["files"][0]["sha256"] == job.sha256
    job.refresh_from_db()
    assert job.downloads == 1


def test_a_download_that_broke_off_goes_on_where_it_was_as_long_as_the_file_is_the_same(client: Client, results: Results) -> None:
    researcher(client)
    job = made(client)
    whole = job.path.read_bytes()

    def get(**headers: str) -> tuple[int, bytes, str | None]:
        sent = client.get(address(job), headers=headers)
        content = b"".join(sent.streaming_content) if sent.streaming else sent.content
        return sent.status_code, content, sent.headers.get("Content-Range")

    size, same = len(whole), f'"{job.sha256}"'
    assert get(range="bytes=0-99") == (206, whole[:100], f"bytes 0-99/{size}")
    assert get(range="bytes=100-", if_range=same) == (206, whole[100:], f"bytes 100-{size - 1}/{size}")
    assert get(range="bytes=100-", if_range='"another"') == (200, whole, None)
    assert get(range=f"bytes={size}-") == (416, b"", f"bytes */{size}")


async def test_under_asgi_a_part_is_streamed(async_client: AsyncClient) -> None:
    def prepare() -> tuple[ExportJob, bytes]:
        Results().people(2)
        client = Client()
        researcher(client)
        job = made(client)
        return job, job.path.read_bytes()

    job, whole = await sync_to_async(prepare)()
    await async_client.aforce_login(await User.objects.aget(username="ada"))
    sent = await async_client.get(address(job), headers={"range": "bytes=10-"})
    assert sent.is_async
    assert b"".join([piece async for piece in sent.streaming_content]) == whole[10:]  # type: ignore[union-attr]


def test_what_is_for_the_team_is_asked_for_seen_and_taken_only_with_permission_and_is_on_record(client: Client, results: Results) -> None:
    researcher(client)
    job = made(client, "zip")
    assert list(ExportMade.objects.values_list("table", "by_name")) == [("zip", "ada")]
    other = Client()
    researcher(other, team=False, name="ben")
    assert [other.get(address(job)).status_code, other.post(f"{address(job)}/delete").status_code] == [404, 404]
    assert other.post(BEGIN, {"format": "zip", "readers": "team"}).status_code == 403
    assert "tea.zip" not in other.get("/findings/tea/exports/").content.decode()
    public = made(other, "zip", readers="public", pilot="on")
    assert (public.status, public.public, public.pilot, ExportMade.objects.count()) == (Status.DONE, True, False, 1)
    with ZipFile(public.path) as bundle:
        assert "turns.csv" not in bundle.namelist()
        assert not any(b"I fear" in bundle.read(name) for name in bundle.namelist())
    assert Client().get(address(job)).status_code == 302


def test_a_project_for_the_public_is_refused_in_words_and_not_tried_again(client: Client, results: Results) -> None:
    researcher(client)
    job = made(client, "qdpx", readers="public")
    assert (job.status, job.reason, kept()) == (
        Status.FAILED,
        "REFI-QDA project holds a person's row each, which is for the team. For the public there are csv, zip and xlsx.",
        [],
    )


def leave(results: Results) -> None:
    with transaction.atomic():
        withdraw(results.survey.participants.get(country="FR"))


def strike(results: Results) -> None:
    with transaction.atomic():
        striking.strike(results.survey.participants.get(country="FR").interview.turns.get(number=2))


@pytest.mark.parametrize("go", [leave, strike])
def test_files_go_when_words_go(client: Client, results: Results, go: Callable[[Results], None]) -> None:
    researcher(client)
    job, other = made(client), made(client, "qdc")
    Results(slug="coffee").people(1)
    client.post("/findings/coffee/exports/files/begin", {"format": "jsonl", "readers": "team"})
    elsewhere = ExportJob.objects.latest("id")
    make_export(elsewhere.pk)
    elsewhere.refresh_from_db()
    go(results)
    job.refresh_from_db()
    assert (job.status, job.reason) == (Status.DELETED, running.WORDS_HAVE_GONE)
    assert kept() == [elsewhere.file]
    assert client.get(address(job)).status_code == 404
    assert ExportJob.objects.get(pk=other.pk).status == Status.DELETED


def test_an_export_that_is_being_made_while_somebody_leaves_is_begun_anew(client: Client, results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    researcher(client)
    job = asked(client)
    monkeypatch.setattr(running, "SAY_EVERY", 60.0)
    real = running.make

    def made_then_left(*args: Any, **options: Any) -> Any:
        manifest = real(*args, **options)
        leave(results)
        return manifest

    monkeypatch.setattr(running, "make", made_then_left)
    make_export(job.pk)
    job.refresh_from_db()
    assert (job.status, kept()) == (Status.WAITING, [])
    monkeypatch.setattr(running, "make", real)
    make_export(job.pk)
    job.refresh_from_db()
    assert (job.status, job.rows, b"I fear for jobs." in job.path.read_bytes()) == (Status.DONE, 2, False)


def test_a_rolled_back_withdrawal_leaves_the_file(client: Client, results: Results) -> None:
    researcher(client)
    job = made(client)
    with transaction.atomic():
        withdraw(results.survey.participants.get(country="FR"))
        transaction.set_rollback(True)
    job.refresh_from_db()
    assert (job.status, kept()) == (Status.DONE, [job.file])


def test_files_expire_and_whatever_nobody_keeps_is_swept_away(client: Client, results: Results) -> None:
    researcher(client)
    old, new = made(client), made(client)
    ExportJob.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address(old)).status_code == 404
    (running.folder() / ".9-of-a-dead-worker.zip.part").write_bytes(b"half")
    (running.folder() / ".9-of-a-dead-worker.xlsx.part.sheets").mkdir()
    running.sweep()
    old.refresh_from_db()
    assert (old.status, old.reason, kept()) == (Status.DELETED, running.EXPIRED, [new.file])
    client.post(f"{address(new)}/delete")
    assert kept() == []


def test_an_export_whose_worker_died_is_made_by_another_and_a_second_message_does_nothing(client: Client, results: Results) -> None:
    researcher(client)
    job = asked(client)
    mine = ExportJob.objects.filter(pk=job.pk)
    mine.update(status=Status.RUNNING, lease_owner="dead", lease_until=timezone.now() + timedelta(minutes=1))
    make_export(job.pk)
    assert mine.get().lease_owner == "dead"
    mine.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert running.sweep() == 1
    make_export(job.pk)
    first = mine.get()
    assert first.status == Status.DONE
    make_export(job.pk)
    assert mine.get().file == first.file


def test_the_page_says_how_far_a_file_is_and_what_went_wrong(client: Client, results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    researcher(client)
    job = asked(client)
    ExportJob.objects.filter(pk=job.pk).update(status=Status.RUNNING, rows=1, total=3)
    told = {"going_on": True, "percent": 33, "said": "JSON Lines: running, 1 of 3"}
    assert client.get("/findings/tea/exports/files/progress").json() == told
    page = client.get("/findings/tea/exports/?for=team").content.decode()
    assert '<progress max="100" value="33" aria-label="Files being made">' in page
    ExportJob.objects.filter(pk=job.pk).update(status=Status.WAITING)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(running, "make", full)
    for _ in range(running.MOST_ATTEMPTS):
        make_export(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.reason) == (Status.FAILED, 3, "OSError: see the server's log")
    assert "OSError: see the server&#x27;s log" in client.get("/findings/tea/exports/").content.decode()
