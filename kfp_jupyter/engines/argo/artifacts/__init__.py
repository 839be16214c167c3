"""Artifacts of steps: which store each is in, and its bytes.

| file | holds |
|---|---|
| `read_artifact.py` | an artifact's bytes, from the store or through the Argo Server |
| `repositories.py` | the store of a run, where its artifacts name only their key |
| `s3.py` | S3 and MinIO, with the credentials that the cluster keeps |
"""
