import django.db.models.deletion
from django.db import migrations, models

from surveys import receipts


def give_receipts(apps, schema_editor):
    """Whoever consented before there were receipt codes gets one."""
    consents = apps.get_model("surveys", "ConsentRecord").objects.filter(given=True, receipt=None)
    for consent in consents.select_related("participant").iterator(chunk_size=1000):
        consent.receipt = receipts.fingerprint(receipts.code(consent.participant.token))
        consent.save(update_fields=["receipt"])


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='consentrecord',
            name='receipt',
            field=models.CharField(blank=True, editable=False, help_text="The receipt code's hash.", max_length=64, null=True, unique=True),
        ),
        migrations.CreateModel(
            name='WithdrawnId',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(auto_now_add=True)),
                ('origin', models.CharField(choices=[('live', 'Live'), ('pilot', 'Pilot'), ('imported', 'Imported'), ('simulated', 'Simulated')], max_length=10)),
                ('status', models.CharField(help_text="How far the interview had come; 'consented' where it had not begun.", max_length=10)),
                ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='withdrawals', to='surveys.survey')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RunPython(give_receipts, migrations.RunPython.noop),
    ]
