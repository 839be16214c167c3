"""Credentials whose issuers mark them as theirs, and private keys."""

from __future__ import annotations

import functools
import re

from kfp_jupyter.redaction.known import REDACTED

_MARKED = (
    r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*",  # JSON web tokens
    r"(?:gh[pousr]|github_pat)_\w{20,}",  # GitHub
    r"gl(?:pat|ptt|rt|dt|cbt|soat|ft|agent|imt)-[\w-]{16,}",  # GitLab
    r"ATATT3[\w=-]{20,}",  # Atlassian
    r"xox[a-z]-[\w-]{10,}|xapp-\d-[\w-]{10,}",  # Slack
    r"(?:AKIA|ASIA)[A-Z0-9]{16}",  # Amazon
    r"ya29\.[\w-]{20,}|AIza[\w-]{30,}|GOCSPX-[\w-]{20,}|1//0[\w-]{30,}",  # Google
    r"hf_[A-Za-z0-9]{20,}|r8_[A-Za-z0-9]{30,}|wandb_v1_\w{20,}|nvapi-[\w-]{20,}",  # of models
    r"sk-(?:proj|ant|svcacct|admin|or)-[\w-]{20,}|sk-\w{20,}",  # OpenAI, Anthropic, OpenRouter
    r"gsk_[A-Za-z0-9]{30,}|xai-[A-Za-z0-9]{40,}|pplx-[A-Za-z0-9]{30,}",  # Groq, xAI, Perplexity
    r"npm_[A-Za-z0-9]{30,}|pypi-AgE[\w-]{20,}|dckr_[po]at_[\w-]{20,}",  # npm, PyPI, Docker
    r"dapi[0-9a-f]{32}|dop_v1_[0-9a-f]{40,}|hv[bs]\.[\w-]{20,}",  # Databricks, DigitalOcean, Vault
    r"[rs]k_(?:live|test)_\w{16,}|whsec_[\w+/=]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|lin_api_\w{20,}",  # Stripe and others
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}",
)

_ISSUED = (
    # A private key in PEM; its end may be cut off.
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]*-----)?",
    rf"\b(?:{'|'.join(_MARKED)})",
)


@functools.cache
def _issued() -> tuple[re.Pattern[str], ...]:
    # They take 10 ms, which an import needn't.
    return tuple(map(re.compile, _ISSUED))


def without_issued(text: str) -> str:
    """Return a text with ``***`` in place of credentials that are known by their format.

    Args:
        text: The text.
    """
    for pattern in _issued():
        text = pattern.sub(REDACTED, text)
    return text
