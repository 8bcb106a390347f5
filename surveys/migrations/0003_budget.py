from decimal import Decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0002_withdrawal'),
    ]

    operations = [
        migrations.AddField(
            model_name='survey',
            name='budget_usd',
            field=models.DecimalField(blank=True, decimal_places=2, help_text="Once the survey's calls to language models have cost this much, no new interview begins; those begun go on. Empty: no limit.", max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='budget in US dollars'),
        ),
    ]
