"""Stores many rows as they are: simulated records carry their own times, which an ordinary insert would set to now."""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router, transaction

MOST_AT_ONCE = 2000


def insert_as_they_are(rows: Sequence[models.Model]) -> None:
    """Inserts rows of one model with the very values they have, `auto_now` fields among them, and gives them their keys."""
    if not rows:
        return
    model: Any = type(rows[0])
    using = router.db_for_write(model)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    size = max(1, min(MOST_AT_ONCE, connections[using].ops.bulk_batch_size(fields, rows)))
    with transaction.atomic(using=using):
        for start in range(0, len(rows), size):
            batch = rows[start : start + size]
            # As fixtures are loaded: raw leaves out what fields do before they are saved, which is to set the time.
            keys = model._base_manager._insert(batch, fields=fields, returning_fields=[model._meta.pk], using=using, raw=True)
            for row, (key,) in zip(batch, keys, strict=True):
                row.pk = key
                row._state.adding, row._state.db = False, using
