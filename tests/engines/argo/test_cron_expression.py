"""Texts that say when runs start."""

from __future__ import annotations

import pytest

from kfp_jupyter.engines.argo.schedules.cron_expression import checked_cron
from kfp_jupyter.errors import UsageError


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("0 6 * * *", "0 6 * * *"),
        ("  */15  0-6/2,22 1,15 ? *\t", "*/15 0-6/2,22 1,15 ? *"),
        ("0 6 * JAN,mar-Dec mon-FRI", "0 6 * 1,3-12 1-5"),
        ("05 06 * * sun", "5 6 * * 0"),
        ("0 0 29 2 *", "0 0 29 2 *"),
        ("0 0 31 feb mon", "0 0 31 2 1"),
        ("30/10 * * * *", "30/10 * * * *"),
        ("@daily", "@daily"),
        ("@every   1h30m", "@every 1h30m"),
    ],
)
def test_a_time_is_sent_with_numbers_for_names(text: str, sent: str) -> None:
    assert checked_cron(text) == sent


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "needs a time"),
        ("0 6 * *", "has 4 fields, not 5"),
        ("6", "has 1 field, not 5"),
        ("0 0 6 * * *", "has 6 fields, not 5.*Seconds are not supported"),
        ("60 * * * *", "The minute in .* 60 is not in the range 0 to 59"),
        ("0 24 * * *", "The hour in .* 24 is not in the range 0 to 23"),
        ("0 6 0 * *", "The day of the month in .* 0 is not in the range 1 to 31"),
        ("0 6 * 13 *", "The month in .* 13 is not in the range 1 to 12"),
        ("0 6 * * 7", "The day of the week in .* 7 is not in the range 0 to 6, where 0 is Sunday"),
        ("0 6 * * fir", "'fir' is not a number or sun to sat, \\* or range such as 0-6"),
        ("0 6 mon * *", "The day of the month in .*'mon' is not a number, \\*"),
        ("0 6 * * fri-mon", "'fri-mon' ends before it begins"),
        ("0 18-6 * * *", "'18-6' ends before it begins"),
        ("*/0 * * * *", "a whole number of at least 1 after the slash"),
        ("*/ * * * *", "a whole number of at least 1 after the slash"),
        ("*/1/2 * * * *", "a whole number of at least 1 after the slash"),
        ("1,,2 * * * *", "an empty value"),
        ("1- * * * *", "an empty value in '1-'"),
        ("-5 * * * *", "an empty value in '-5'"),
        ("1.5 * * * *", "'1.5' is not a number"),
        ("\u0664 * * * *", "is not a number"),
        ("L * * * *", "'L' is not a number"),
        ("0 0 31 2,4,6 *", r"never comes: no such month has a day 31"),
        ("0 0 30 feb ?", "never comes"),
        ("TZ=Europe/Berlin 0 6 * * *", "Write timezone=Europe/Berlin instead"),
        ("@dialy", "isn't known.*@daily"),
        ("@every", "isn't known"),
        ("@every 0s", "isn't known"),
        ("@every 5 minutes", "isn't known.*@every 1h30m"),
        ("@every 1.5h", "isn't known"),
    ],
)
def test_a_time_that_argo_would_not_take_is_explained(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        checked_cron(text)
