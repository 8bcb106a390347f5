"""Makes the file of an export, once, whoever is told to; and takes files away again."""

import logging
import shutil
import time
import uuid
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from analysis.export.columns import CannotExport
from analysis.export.formats import FORMATS, make
from analysis.exporting.records import ExportJob
from analysis.lease import LeaseLost

logger = logging.getLogger(__name__)
Status = ExportJob.Status
QUEUED = timedelta(minutes=15)
MOST_ATTEMPTS = 3
SAY_EVERY = 1.0  # seconds
HELD = timedelta(minutes=10)  # a workbook tells of no rows while it is put together
WORDS_HAVE_GONE = "Somebody has withdrawn or struck words since: the file was deleted. Export anew."
EXPIRED = "It was kept for its time, and deleted."


def hand_over(job_id: int) -> None:
    transaction.on_commit(lambda: enqueue(job_id))


def enqueue(job_id: int) -> None:
    """What the queue does not take or loses, the sweep hands over again."""
    from analysis.tasks import make_export  # tasks imports this module

    rows = ExportJob.objects.filter(pk=job_id, status=Status.WAITING)
    try:
        if not settings.REDIS_URL:
            raise OperationalError("there is no queue: start the program with its worker")
        rows.update(lease_until=timezone.now() + QUEUED)
        make_export.apply_async(args=[job_id], retry=False)
    except (OperationalError, OSError) as error:
        rows.update(reason=f"The queue cannot be reached: {error}"[:300], lease_until=None)


def run(job_id: int) -> None:
    """Does nothing where it is done, or another worker holds it."""
    owner, now = uuid.uuid4().hex, timezone.now()
    free = Q(status=Status.WAITING) | Q(status=Status.RUNNING, lease_until__lt=now)
    claim = {"status": Status.RUNNING, "lease_owner": owner, "lease_until": now + HELD, "reason": "", "rows": 0}
    if not ExportJob.objects.filter(free, pk=job_id).update(**claim):
        return
    job = ExportJob.objects.select_related("survey").get(pk=job_id)
    path = folder() / f"{job.pk}-{owner}.{job.format}"
    try:
        _make(job, owner, path)
    except LeaseLost as lost:
        path.unlink(missing_ok=True)
        logger.info("%s", lost)
    except Exception as error:
        path.unlink(missing_ok=True)
        _failed(job, owner, error)


def _make(job: ExportJob, owner: str, path: Path) -> None:
    form, scope = FORMATS[job.format], job.scope
    _update(job.pk, owner, total=form.total(scope))
    done, said = 0, time.monotonic()

    def advance(rows: int) -> None:
        nonlocal done, said
        done += rows
        if time.monotonic() - said >= SAY_EVERY:
            _update(job.pk, owner, rows=done, lease_until=timezone.now() + HELD)
            said = time.monotonic()

    manifest = make(form, scope, path, advance=advance)
    (file,) = manifest["files"]
    expires = timezone.now() + timedelta(days=settings.EXPORTS_DAYS)
    finished = {"status": Status.DONE, "rows": done, "file": path.name, "size": file["size"], "sha256": file["sha256"], "manifest": manifest}
    _update(job.pk, owner, **finished, expires_at=expires, lease_until=None)


def _failed(job: ExportJob, owner: str, error: Exception) -> None:
    attempts = job.attempts + 1
    told = isinstance(error, CannotExport)
    again = not told and attempts < MOST_ATTEMPTS
    reason = str(error) if told else f"{type(error).__name__}: see the server's log"
    logger.warning("export %s: %s", job.pk, type(error).__name__, exc_info=None if told else error)
    mine = ExportJob.objects.filter(pk=job.pk, lease_owner=owner, status=Status.RUNNING)
    mine.update(status=Status.WAITING if again else Status.FAILED, reason=reason[:300], attempts=attempts, lease_owner="", lease_until=None)


def _update(job_id: int, owner: str, **changes: object) -> None:
    if not ExportJob.objects.filter(pk=job_id, lease_owner=owner, status=Status.RUNNING).update(**changes):
        raise LeaseLost(f"export {job_id}")


def folder() -> Path:
    path = Path(settings.EXPORTS_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


def forget(survey_id: int) -> None:
    """Words of a survey go: its files with them, and what is being made is begun anew. To be called inside the transaction in which they go.

    Once more after it, for an export that began meanwhile and did not see it.
    """
    _take_back(survey_id)
    transaction.on_commit(lambda: _after(survey_id))


def _take_back(survey_id: int) -> None:
    mine = ExportJob.objects.filter(survey=survey_id)
    mine.filter(status=Status.DONE).update(status=Status.DELETED, reason=WORDS_HAVE_GONE)
    mine.filter(status__in=(Status.WAITING, Status.RUNNING)).update(status=Status.WAITING, lease_owner="", lease_until=None)


def _after(survey_id: int) -> None:
    _take_back(survey_id)
    tidy()


def delete(job: ExportJob) -> None:
    ExportJob.objects.filter(pk=job.pk).update(status=Status.DELETED, reason="Deleted by a researcher.", lease_owner="", lease_until=None)
    tidy()


def sweep() -> int:
    """Deletes what has expired, and hands over what was left behind; how many those were."""
    now = timezone.now()
    ExportJob.objects.filter(status=Status.DONE, expires_at__lt=now).update(status=Status.DELETED, reason=EXPIRED)
    tidy()
    left = Q(status=Status.WAITING, lease_until=None) | Q(status__in=(Status.WAITING, Status.RUNNING), lease_until__lt=now)
    keys = list(ExportJob.objects.filter(left).values_list("pk", flat=True)[:100])
    for key in keys:
        ExportJob.objects.filter(pk=key, status=Status.RUNNING, lease_until__lt=now).update(status=Status.WAITING, lease_owner="")
        enqueue(key)
    return len(keys)


def tidy() -> None:
    """No file stays that no export keeps or makes."""
    files = {path: path.name.removeprefix(".") for path in folder().iterdir()}  # listed before asking who keeps them
    running = {f"{pk}-{owner}" for pk, owner in ExportJob.objects.filter(status=Status.RUNNING).values_list("pk", "lease_owner")}
    kept = set(ExportJob.objects.filter(status=Status.DONE).values_list("file", flat=True))  # last: one may be done meanwhile
    for path, name in files.items():
        if name not in kept and name.partition(".")[0] not in running:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)  # where a dead worker's sheets waited
            else:
                path.unlink(missing_ok=True)
