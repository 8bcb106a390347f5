"""Tries docker-compose.yml for real: builds it, holds an interview in it, has a worker code it, kills what can be killed, removes it all.

    .venv/bin/python -m tools.try_compose

Needs a Docker engine. COMPOSE is the command, `docker compose` where it is not set. Runs as a project of its own, with secrets and a port of
its own, beside whatever else runs.
"""

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

from tests.support.participant import ScriptedParticipant

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = shlex.split(os.environ.get("COMPOSE", "docker compose"))
PROJECT = "colloquy-try"
PORT = os.environ.get("PORT", "8123")
SITE = f"http://127.0.0.1:{PORT}"
SETTINGS = {
    "COMPOSE_PROJECT_NAME": PROJECT,
    "COLLOQUY_IMAGE_TAG": "try",
    "PORT": PORT,
    "SECRET_KEY": secrets.token_urlsafe(50),
    "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
    "LLM_BACKEND": "offline",
    "ANALYSIS_SWEEP_SECONDS": "20",
    "ANALYSIS_LEASE_SECONDS": "30",
}
STAYING = ("web", "worker", "beat", "postgres", "redis")
ANSWERS = (
    "I would like AI to take the paperwork off my desk, so that I have more time for my patients and my children.",
    "Last month it wrote the discharge letters for me, and I only had to correct two words.",
    "I am afraid that people lose their jobs, and that nobody can tell any more what is true.",
    "It must not decide who gets treated. A person has to answer for that.",
)


def main() -> int:
    step("Refuses to start without a secret key and a password", refuses_to_start_without_secrets)
    try:
        step("Build", lambda: compose("build", quiet=True))
        step("Start", lambda: compose("up", "-d", quiet=True))
        step("Every service becomes healthy", wait_for_health)
        step("Refuses to start with a placeholder for a secret key", refuses_a_placeholder)
        step("The image runs as an ordinary user and holds no secret", the_image_is_clean)
        step("Static files are served under names that never change their content", static_files_are_served)
        step("Load the demonstration guide and its codebook", load_survey)
        step("An interview is held over HTTP and the websocket", lambda: check_coded(hold_interview()))
        step("The web server is killed in an interview; it starts again and the interview goes on", lambda: check_coded(hold_interview(kill="web")))
        step("The worker is killed as two interviews end; it starts again and codes each once", worker_killed)
        step("PostgreSQL and Redis are killed and started; everything becomes healthy again and the next interview is coded", stores_killed)
    except BaseException:
        compose("ps", check=False)
        compose("logs", "--no-color", "--tail", "40", check=False)
        raise
    finally:
        step("Stop and remove everything", lambda: compose("down", "-v", "--remove-orphans", quiet=True))
    print("Everything works.")
    return 0


def refuses_to_start_without_secrets() -> None:
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        done = compose("up", "-d", check=False, quiet=True, **{name: ""})
        said = re.sub(r"\s+", " ", done.stdout)
        expect(done.returncode != 0 and f"{name} must be set" in said, f"compose starts without {name}: {said}")


def refuses_a_placeholder() -> None:
    done = compose("run", "--rm", "--no-deps", "-T", "migrate", check=False, quiet=True, SECRET_KEY="change-me-" * 5)
    expect(done.returncode != 0 and "SECRET_KEY is a placeholder" in done.stdout, f"it starts with a placeholder: {done.stdout[-2000:]}")


def step(what: str, do: Callable[[], object]) -> None:
    start = time.monotonic()
    do()
    print(f"ok  {what} ({time.monotonic() - start:.0f} s)", flush=True)


def expect(condition: object, otherwise: str) -> None:
    if not condition:
        raise SystemExit(f"FAILED: {otherwise}")


def compose(*arguments: str, check: bool = True, quiet: bool = False, **settings: str) -> "subprocess.CompletedProcess[str]":
    command, environment = [*COMPOSE, *arguments], os.environ | SETTINGS | settings
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if quiet else {}
    done = subprocess.run(command, cwd=ROOT, env=environment, text=True, check=False, stdin=subprocess.DEVNULL, **pipe)  # type: ignore[call-overload]
    if check and done.returncode:
        raise SystemExit(f"FAILED: {' '.join(command)}\n{(done.stdout or '')[-4000:]}")
    return done


def run_in(service: str, *command: str, check: bool = True) -> str:
    return compose("exec", "-T", service, *command, check=check, quiet=True).stdout


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], text=True, check=True, capture_output=True).stdout.strip()


def container(service: str) -> str:
    return compose("ps", "-a", "-q", service, quiet=True).stdout.strip()


def health(service: str) -> str:
    return docker("inspect", "--format", "{{.State.Status}} {{.State.Health.Status}}", container(service))


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}")
        time.sleep(1)


def wait_for_health() -> None:
    for service in STAYING:
        wait_until(lambda service=service: health(service) == "running healthy", f"{service} to be healthy")
    wait_until(lambda: urlopen_any(f"{SITE}/health/ready")[0] == 200, "the web server to be ready")


def the_image_is_clean() -> None:
    expect(run_in("web", "id", "-u").strip() == "10001", "the program runs as root")
    expect("Read-only file system" in run_in("web", "touch", "/srv/colloquy/x", check=False), "the program can change its own files")
    history = docker("history", "--no-trunc", "colloquy:try") + docker("inspect", "colloquy:try")
    expect(not any(SETTINGS[name] in history for name in ("SECRET_KEY", "POSTGRES_PASSWORD")), "the image holds a secret")
    expect("No such file" in run_in("web", "ls", "/srv/colloquy/.env", "/srv/colloquy/.git", check=False), "the image holds .env or .git")


def static_files_are_served() -> None:
    page = urlopen(f"{SITE}/", timeout=10).read().decode()
    addresses = re.findall(r'"(/static/[^"]+\.css)"', page)
    expect(addresses, "the home page names no stylesheet")
    for address in addresses:
        expect(re.search(r"\.[0-9a-f]{12}\.css$", address), f"{address} carries no hash")
        expect("immutable" in urlopen(SITE + address, timeout=10).headers["Cache-Control"], f"{address} may not be kept by a browser")


def load_survey() -> None:
    run_in("web", *["python", "manage.py", "import_guide", "surveys/demo/guide.yaml", "--survey", "demo", "--publish", "--status", "open"])
    run_in("web", *["python", "manage.py", "import_codebook", "analysis/codebooks/hopes-and-fears.yaml", "--survey", "demo"])


def take_part() -> str:
    """Agrees and leaves the questions about oneself empty, as a browser would. The participant's token."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{SITE}/s/demo/?lang=en", timeout=30).read().decode()
    fields = {name: hidden(page, name) for name in ("csrfmiddlewaretoken", "form")}
    with browser.open(f"{SITE}/s/demo/consent", urlencode(fields | {"answer": "agree"}).encode(), timeout=30) as profile:
        address, page = profile.url, profile.read().decode()
    browser.open(address, urlencode({"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken")}).encode(), timeout=30).close()
    return address.rstrip("/").rsplit("/", 1)[-1]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    expect(found, f"the page has no field {name}")
    return unescape(found[1])  # type: ignore[index]


def hold_interview(kill: str = "") -> str:
    token, after, said = take_part(), 0, 0
    while True:
        with ScriptedParticipant(f"ws://127.0.0.1:{PORT}/ws/interview/", token, after) as me:
            mine = me.joined["awaiting"] == "participant"
            while mine or (event := me.until("turn", "ended"))["type"] == "turn":
                if not mine:
                    after = event["turn"]["number"]
                    mine = event["turn"]["role"] == "interviewer" and "?" in event["turn"]["text"]
                    continue
                mine, said = False, said + 1
                me.answer(ANSWERS[said % len(ANSWERS)])
                if kill and said == 3:
                    kill_processes(kill)
                    kill = ""
                    break
            else:
                return token


def kill_processes(service: str) -> None:
    """kill -9 on everything in the container: the engine, not the compose tool, has to start it again."""
    before = restarts(service)
    run_in(service, "sh", "-c", "kill -9 -1", check=False)
    wait_until(lambda: restarts(service) > before, f"{service} to be started again")
    wait_until(lambda: health(service).startswith(("running", "exited")), f"{service} to run again")
    if "address already in use" in (error := docker("inspect", "--format", "{{.State.Error}}", container(service))):
        # Docker engines at times cannot take a port back at once, and then leave the container down (docker/for-linux, issue 1278).
        print(f"note: the engine did not start {service} again, `up -d` does: {error}")
        compose("up", "-d", quiet=True)
    wait_until(lambda: health(service) == "running healthy", f"{service} to be healthy again")


def restarts(service: str) -> int:
    return int(docker("inspect", "--format", "{{.RestartCount}}", container(service)))


def ask(sql: str) -> str:
    return run_in("postgres", "psql", "-U", "colloquy", "-d", "colloquy", "-tAc", sql).strip()


def check_coded(*tokens: str) -> None:
    """Each interview is whole, and analysed to the end, once."""
    for token in tokens:
        interview = f"(SELECT i.id FROM interviewer_interview i JOIN surveys_participant p ON p.id = i.participant_id WHERE p.token = '{token}')"
        expect(ask(f"SELECT status FROM interviewer_interview WHERE id = {interview}") == "completed", f"{token}'s interview is not completed")
        state = f"SELECT status FROM analysis_interviewanalysis WHERE interview_id = {interview}"
        wait_until(lambda state=state: ask(state) in ("done", "failed"), "the worker to code the interview", 240)
        expect(ask(state) == "done", "the analysis failed: " + ask(state.replace("status", "step, error", 1)))
        turns = ask(f"SELECT count(*) = max(number) AND count(*) > 8 FROM interviewer_turn WHERE interview_id = {interview}")
        expect(turns == "t", f"{token}'s turns have gaps")
        codings = ask(f"SELECT count(*) > 0 FROM analysis_coding WHERE interview_id = {interview}")
        expect(codings == "t", f"{token}'s interview has no codings")
        doubled = f"SELECT 1 FROM analysis_coding WHERE interview_id = {interview} GROUP BY dimension, code HAVING count(*) > 1"
        expect(ask(doubled) == "", "codings are doubled")


def worker_killed() -> None:
    tokens = [hold_interview() for _ in range(2)]
    kill_processes("worker")
    check_coded(*tokens)


def stores_killed() -> None:
    compose("kill", "postgres", "redis", quiet=True)
    answer = urlopen_any(f"{SITE}/health/ready")
    expect(answer == (503, {"database": False, "migrations": False, "redis": False}), f"without its stores the web server says {answer}")
    compose("start", "postgres", "redis", quiet=True)
    wait_for_health()
    check_coded(hold_interview())


def urlopen_any(address: str) -> tuple[int, dict[str, bool]]:
    try:
        with urlopen(address, timeout=90) as answer:
            return answer.status, json.loads(answer.read())["checks"]
    except HTTPError as error:
        return error.code, json.loads(error.read())["checks"]


if __name__ == "__main__":
    sys.exit(main())
