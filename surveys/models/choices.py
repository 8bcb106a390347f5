"""What several records may be set to."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator

from surveys.guide import Order

ORDERS = [(Order.FIXED.value, "As listed"), (Order.RANDOM.value, "At random, for each interview anew")]
MINUTES = [MinValueValidator(1), MaxValueValidator(240)]
LEAST_SMALL_CELL = 3  # below it, one of two people who know of themselves could tell the other


def small_cells(value: int) -> None:
    if value and not LEAST_SMALL_CELL <= value <= 100:
        raise ValidationError(f"Between {LEAST_SMALL_CELL} and 100, or 0 to keep nothing back.")


key_validator = RegexValidator(r"^[a-z][a-z0-9_]{0,49}$", "Use small letters, digits and _, beginning with a letter.")
