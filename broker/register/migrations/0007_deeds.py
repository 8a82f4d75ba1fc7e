"""One person's deeds are found without reading every gong's proofs."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0006_chain'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='journalentry',
            index=models.Index(condition=models.Q(('by__isnull', False), models.Q(('what', 'sounded'), _negated=True)), fields=['by', 'seq'], name='register_journal_deed'),
        ),
    ]
