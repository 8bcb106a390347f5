"""Where the secret key comes from: the environment in production, a generated file elsewhere; never a default."""

import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32


def secret_key(given: str, *, production: bool, folder: Path) -> str:
    if given:
        if production and (len(given) < SHORTEST or given.startswith(("django-insecure", "change"))):
            raise ImproperlyConfigured(
                f"SECRET_KEY is a placeholder or shorter than {SHORTEST} characters. Make one with: "
                "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
            )
        return given
    if production:
        raise ImproperlyConfigured("SECRET_KEY is not set. It must be set in the environment in production.")
    return _kept(folder / "secret_key")


def _kept(path: Path) -> str:
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()
