"""A step's log, of all its attempts.

| file | holds |
|---|---|
| `step_log.py` | the attempts one after the other |
| `pod_log.py` | one attempt's: live, then from where it was kept |
| `timestamped_lines.py` | time-stamped bytes → text, each line once |
| `emissary_output.py` | what Argo's launcher writes among them |
| `delivered_bytes.py` | what was read of a log, to be compared with the kept one |
"""
