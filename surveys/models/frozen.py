"""Records that are written once."""

from typing import Any

from django.db import models


class NeverChanges(RuntimeError):
    """Raised on an attempt to change or delete a record that others rely on staying as it is."""


class Frozen(models.Model):
    """A record that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanges(f"{self._meta.verbose_name} {self.pk} is a record and cannot be changed.")
        super().save(*args, **kwargs)
