"""JSON for the annotations of a Workflow: without spaces, because a cluster stores it for every task."""

from __future__ import annotations

import json

dense_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
