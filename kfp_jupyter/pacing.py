"""How long what follows a run waits, and why: in seconds.

Pauses after failures are those of `Backoff`, in `backoff.py`. Time limits of single requests are those of the client,
and stand where it is made.
"""

STATE_PAUSE_SECONDS = 0.1
"""Between two states on screen: more of them a second, nobody sees; what came in between is skipped."""

LOG_PAUSE_SECONDS = 0.25
"""Between two updates of a log on screen: a screenful of lines is read no faster."""

CLOCK_SECONDS = 1.0
"""Between two looks at the clock, of a run that has taken less than a minute."""

MINUTES_RUN_CLOCK_SECONDS = 2.0
"""The same, of one that has taken minutes."""

LONG_RUN_CLOCK_SECONDS = 5.0
"""The same, after ten minutes: each tick redraws a view, and who waits for an hour doesn't count seconds."""

FIRST_LOOK_AT_ENDED_RUN_SECONDS = 1.0
"""Until the first look whether somebody has retried a run that has ended: people do that soon, or much later."""

LONGEST_LOOK_AT_ENDED_RUN_SECONDS = 10.0
"""Between two such looks at most: each is a request."""

LOOK_AT_ENDED_RUN_GROWTH = 1.3
"""By what factor the pauses between them grow."""

OUTAGE_GRACE_SECONDS = 2.0
"""How long a cluster may be out of reach before people are told: a connection that was renewed is no news."""

FIRST_STATE_SECONDS = 10.0
"""How long a cluster may be out of reach before anything is known of a run; then that is an error."""

LONGEST_REFUSED_PAUSE_SECONDS = 30.0
"""Until the next try where the cluster says no: only people change that."""

LOG_QUIET_SECONDS = 60.0
"""A log that is silent for so long is asked for again: only so a dead network is noticed."""

LOG_OUTAGE_GRACE_SECONDS = 10.0
"""How long a log may be out of reach before it says so between its lines."""

LONGEST_POD_PAUSE_SECONDS = 2.0
"""Between two looks at a pod that hasn't started, and for a step's next attempt."""

REASON_GRACE_SECONDS = 2.0
"""How long a step may wait before the cluster is asked why: most pods start sooner."""

FIRST_REASON_PAUSE_SECONDS = 2.0
"""Between two questions why a step waits, at first."""

LONGEST_REASON_PAUSE_SECONDS = 30.0
"""The same, at most: each question reads pods and events."""

LAST_REASON_SECONDS = 2.0
"""How long the last state of a failed run waits for the reasons of its failures."""

LOCAL_POLL_SECONDS = 0.03
"""Between two looks at the files of a run on this machine: a step that takes no time is still seen at once."""

LOCAL_LOG_POLL_SECONDS = 0.05
"""Between two looks at a log on this machine."""
