"""The default name of an image on Google Cloud: the metadata server knows the project, as in KFP v1.

Source: ``_get_project_id`` and ``_get_instance_id`` in ``kfp/containers/_container_builder.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import os

METADATA = "http://metadata.google.internal/computeMetadata/v1"

ANSWER_SECONDS = 2.0
"""The server is next door, or not there at all."""


def google_image_name() -> str | None:
    """Return KFP v1's name for images of this notebook; None outside Google Cloud."""
    project = _metadata("project/project-id")
    notebook = os.environ.get("NB_PREFIX") or (_metadata("instance/id") if project else None)
    if not project or not notebook:
        return None
    return f"gcr.io/{project}/{notebook.replace('/', '-').strip('-')}/kfp_container"


def _metadata(key: str) -> str | None:
    # Costs 0.1 s at import, and is needed only where the author gave no name.
    import requests  # noqa: PLC0415  (lazy, see above)

    try:
        answer = requests.get(f"{METADATA}/{key}", headers={"Metadata-Flavor": "Google"}, timeout=ANSWER_SECONDS)
    except requests.RequestException:
        return None
    return answer.text if answer.ok else None
