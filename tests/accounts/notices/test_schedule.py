"""Mail is due at seven in the morning where the account lives, also when the clocks change."""

from datetime import UTC, datetime

import pytest

from portal.accounts.models import MailChoice
from portal.accounts.notices.schedule import due_until

pytestmark = pytest.mark.sqlite_only


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("choice", "zone", "now", "until"),
    [
        (MailChoice.IMMEDIATELY, "Europe/Copenhagen", "2026-11-25 10:00", "2026-11-25 10:00"),
        (MailChoice.DAILY, "Europe/Copenhagen", "2026-11-25 05:59", "2026-11-24 06:00"),
        (MailChoice.DAILY, "Europe/Copenhagen", "2026-11-25 06:00", "2026-11-25 06:00"),
        (MailChoice.DAILY, "Europe/Copenhagen", "2026-07-01 05:00", "2026-07-01 05:00"),
        # The night the clocks go forward has 23 hours, the one they go back 25.
        (MailChoice.DAILY, "Europe/Copenhagen", "2027-03-28 04:59", "2027-03-27 06:00"),
        (MailChoice.DAILY, "Europe/Copenhagen", "2027-03-28 05:00", "2027-03-28 05:00"),
        (MailChoice.DAILY, "Europe/Copenhagen", "2026-10-25 05:59", "2026-10-24 05:00"),
        (MailChoice.DAILY, "Europe/Copenhagen", "2026-10-25 06:00", "2026-10-25 06:00"),
        (MailChoice.DAILY, "America/Nuuk", "2026-11-25 08:59", "2026-11-24 09:00"),
        (MailChoice.DAILY, "Nowhere/At all", "2026-11-25 06:00", "2026-11-25 06:00"),
        (MailChoice.WEEKLY, "Europe/Copenhagen", "2026-11-25 12:00", "2026-11-23 06:00"),
        (MailChoice.WEEKLY, "Europe/Copenhagen", "2026-11-23 05:59", "2026-11-16 06:00"),
        (MailChoice.WEEKLY, "Europe/Copenhagen", "2026-10-26 06:00", "2026-10-26 06:00"),
    ],
)
def test_until_when_things_are_due(choice: MailChoice, zone: str, now: str, until: str) -> None:
    assert due_until(choice, zone, at(now)) == at(until)
