"""An ask is known by its content too; what was asked before has none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0002_append_only")]

    operations = [migrations.AddField("ask", "digest", models.TextField(null=True))]
