"""The newest state of a run, whatever breaks while it is followed.

| file | holds |
|---|---|
| `watcher.py` | list, watch, list again |
| `events.py` | lines of a watch → what they tell |
"""
