"""What several records may be set to."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator

from surveys.guide import Order

ORDERS = [(Order.FIXED.value, "As listed"), (Order.RANDOM.value, "At random, for each interview anew")]
MINUTES = [MinValueValidator(1), MaxValueValidator(240)]
key_validator = RegexValidator(r"^[a-z][a-z0-9_]{0,49}$", "Use small letters, digits and _, beginning with a letter.")
