"""The register's tables, for Django: what the console reads. Imported by Django alone.

What must hold: the service writes these tables by itself (broker/register/rows.py), so nobody else may, and tables and
statements agree column by column (a test). The fields are those of broker/core/records.py, where each is explained;
here: `…_seq` is a row of the journal, the only order there is, since clocks jump. Times are commune time, ms
since 1970.
"""

# mypy: disable-error-code="var-annotated"
# (Only Django's own mypy plugin knows what a field of a model is; nothing but the console reads these attributes.)

from django.db import models


class JournalEntry(models.Model):
    """What happened, as it was written down: never changed, never deleted (triggers see to it)."""

    seq = models.BigAutoField(primary_key=True)
    what = models.TextField()
    subject = models.TextField()
    by = models.TextField(null=True)
    at_ms = models.BigIntegerField()
    body = models.JSONField()
    rows = models.JSONField()
    """The rows as they became, by the entry's field: incident, alarm, trouble, mute, node, ask. All follows from it."""

    class Meta:
        db_table = "register_journal"
        indexes = (
            models.Index(fields=("subject", "seq"), name="register_journal_subject"),
            # One person's deeds; most lines are gongs' proofs, and would have to be read to be passed by.
            models.Index(
                fields=("by", "seq"),
                name="register_journal_deed",
                condition=models.Q(by__isnull=False) & ~models.Q(what="sounded"),
            ),
        )


class Chain(models.Model):
    """What binds each line of the journal to all before it (broker/register/chain.py): append-only like the journal."""

    seq = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "register_chain"


class Incident(models.Model):
    """A case: opened by an alert or an officer, acknowledged, closed."""

    id = models.TextField(primary_key=True)
    kind = models.TextField()
    hamlet = models.TextField(null=True)
    node = models.TextField(null=True)
    silent = models.BooleanField()
    drill = models.BooleanField()
    state = models.TextField()
    opened_at_ms = models.BigIntegerField()
    pressed_at_ms = models.BigIntegerField(null=True)
    clock = models.TextField()
    count = models.BigIntegerField()
    cancelled = models.BooleanField()
    by = models.TextField(null=True)
    text = models.TextField(null=True)
    hamlets = models.JSONField(null=True)
    acknowledged_by = models.TextField(null=True)
    acknowledged_at_ms = models.BigIntegerField(null=True)
    closed_by = models.TextField(null=True)
    closed_at_ms = models.BigIntegerField(null=True)
    outcome = models.TextField(null=True)
    note = models.TextField(null=True)
    opened_seq = models.BigIntegerField(unique=True)
    changed_seq = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "register_incident"
        indexes = (
            models.Index(
                fields=("opened_seq",),
                name="register_incident_open",
                condition=models.Q(state__in=("open", "acknowledged")),
            ),
        )


class Alarm(models.Model):
    """Something that sounds, or sounded."""

    id = models.TextField(primary_key=True)
    kind = models.TextField()
    pattern = models.TextField()
    drill = models.BooleanField()
    silent = models.BooleanField()
    hamlets = models.JSONField()
    since_ms = models.BigIntegerField()
    life_s = models.BigIntegerField()
    by = models.TextField(null=True)
    text = models.TextField(null=True)
    active = models.BooleanField()
    opened_seq = models.BigIntegerField()
    changed_seq = models.BigIntegerField()

    class Meta:
        db_table = "register_alarm"
        indexes = (models.Index(fields=("opened_seq",), name="register_alarm_active", condition=models.Q(active=True)),)


class Trouble(models.Model):
    """A fault of the system itself, while it lasted."""

    opened_seq = models.BigIntegerField(primary_key=True)
    kind = models.TextField()
    about = models.TextField()
    why = models.TextField()
    since_ms = models.BigIntegerField()
    over_at_ms = models.BigIntegerField(null=True)
    changed_seq = models.BigIntegerField()

    class Meta:
        db_table = "register_trouble"
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "about"),
                name="register_trouble_open",
                condition=models.Q(over_at_ms__isnull=True),
            ),
        )


class Mute(models.Model):
    """A node's troubles that raise nobody for a while: the last word about each kind."""

    seq = models.BigIntegerField(primary_key=True)
    node = models.TextField()
    kind = models.TextField()
    why = models.TextField()
    by = models.TextField()
    since_ms = models.BigIntegerField()
    until_ms = models.BigIntegerField()
    over_at_ms = models.BigIntegerField(null=True)
    over_by = models.TextField(null=True)

    class Meta:
        db_table = "register_mute"
        constraints = (models.UniqueConstraint(fields=("node", "kind"), name="register_mute_once"),)


class Node(models.Model):
    """A node, as last written down."""

    id = models.TextField(primary_key=True)
    hamlet = models.TextField()
    version = models.TextField()
    first_at_ms = models.BigIntegerField()
    last_at_ms = models.BigIntegerField()
    changed_seq = models.BigIntegerField()

    class Meta:
        db_table = "register_node"


class Ask(models.Model):
    """What a user asked, and was told."""

    seq = models.BigIntegerField(primary_key=True)
    user = models.TextField()
    id = models.TextField()
    verb = models.TextField()
    ok = models.BooleanField()
    why = models.TextField()
    target = models.TextField(null=True)
    at_ms = models.BigIntegerField()
    digest = models.TextField(null=True)

    class Meta:
        db_table = "register_ask"
        constraints = (models.UniqueConstraint(fields=("user", "id"), name="register_ask_once"),)


class Chime(models.Model):
    """A chime that was ordered."""

    id = models.TextField(primary_key=True)
    ordered_at_ms = models.BigIntegerField()
    ordered_seq = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "register_chime"


class Joined(models.Model):
    """An alert that was taken as insistence on an older incident."""

    alert = models.TextField(primary_key=True)
    incident = models.TextField()
    joined_seq = models.BigIntegerField(db_index=True)

    class Meta:
        db_table = "register_joined"


class Counter(models.Model):
    """The highest number that an order may have borne: one row."""

    id = models.BigIntegerField(primary_key=True)
    value = models.BigIntegerField()
    changed_seq = models.BigIntegerField()

    class Meta:
        db_table = "register_counter"


class CodeBook(models.Model):
    """Every code book that was ever in use; the one with the highest `seq` is."""

    seq = models.BigIntegerField(primary_key=True)
    by = models.TextField(null=True)
    at_ms = models.BigIntegerField()
    fields = models.JSONField()

    class Meta:
        db_table = "register_codebook"
