"""Sessions that say whose they are, security events, and who looks after this Limber.

Who is signed in stays so: the sessions move over, and Django's own table is empty from then on.
Since when they are, and in which browser, is not known of them.
"""

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AT_ONCE = 2_000
SAME = ("session_key", "session_data", "expire_date")


def move_over(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    old = apps.get_model("sessions", "Session").objects
    new = apps.get_model("runners", "Session")
    people = set(apps.get_model("runners", "User").objects.values_list("pk", flat=True))
    now, store = django.utils.timezone.now(), SessionStore()
    old.filter(expire_date__lte=now).delete()
    while rows := list(old.order_by("pk").values_list(*SAME)[:AT_ONCE]):
        moved = []
        for key, data, expires_at in rows:
            whose = store.decode(data).get(SESSION_KEY)
            if whose is None or int(whose) in people:
                same = dict(zip(SAME, (key, data, expires_at), strict=True))
                moved.append(new(person_id=whose and int(whose), **same))
        new.objects.bulk_create(moved)
        old.filter(pk__in=[row[0] for row in rows]).delete()


def move_back(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    old = apps.get_model("sessions", "Session")
    new = apps.get_model("runners", "Session").objects
    while rows := list(new.order_by("pk").values(*SAME)[:AT_ONCE]):
        old.objects.bulk_create(old(**row) for row in rows)
        new.filter(pk__in=[row["session_key"] for row in rows]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("runners", "0033_user_leaves_at"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="session key",
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("began_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("used_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("client", models.CharField(blank=True, max_length=40)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        # Before what holds the people's table until the end of this migration.
        migrations.RunPython(move_over, move_back),
        migrations.AddField(
            model_name="user",
            name="is_host",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("kind", models.CharField(max_length=16)),
                ("who", models.CharField(blank=True, max_length=32)),
                ("client", models.CharField(blank=True, max_length=40)),
                ("network", models.CharField(blank=True, max_length=8)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="security_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["who", "kind", "at"], name="security_event_of_one")
                ],
            },
        ),
    ]
