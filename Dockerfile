# The program and all it needs. docker-compose.yml runs it as migrate, web, worker and beat.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /tmp/requirements.lock
RUN pip install --require-hashes -r /tmp/requirements.lock
WORKDIR /srv/colloquy
COPY . .
RUN if ls locale/*/LC_MESSAGES/django.po >/dev/null 2>&1; then pybabel --quiet compile --directory locale --domain django; fi
# Production settings, so that the file names carry their hashes. The key exists for this one command and is kept nowhere.
RUN COLLOQUY_PRODUCTION=1 COLLOQUY_VAR=/tmp/var STATIC_ROOT=/srv/static SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    python manage.py collectstatic --noinput && python -m compileall -q .

FROM ${BASE}
RUN useradd --system --uid 10001 --home-dir /var/lib/colloquy colloquy && install -d -m 1777 /var/lib/colloquy && install -d -o colloquy /var/lib/exports
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
ENV PATH=/opt/venv/bin:$PATH LANG=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/srv/static COLLOQUY_VAR=/var/lib/colloquy
WORKDIR /srv/colloquy
USER colloquy
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--ws", "wsproto", "--lifespan", "off", "--no-access-log", "--proxy-headers", "--timeout-graceful-shutdown", "5"]
