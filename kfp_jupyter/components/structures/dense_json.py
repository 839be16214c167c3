"""JSON as it stands in the annotations of a Workflow: a cluster stores it for every task, so it has no spaces."""

from __future__ import annotations

import json

dense_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
