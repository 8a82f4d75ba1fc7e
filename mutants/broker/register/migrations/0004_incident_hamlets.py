"""Where an officer's alarm was to sound stays with its incident; those written down before have no place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0003_ask_digest")]

    operations = [migrations.AddField("incident", "hamlets", models.JSONField(null=True))]
