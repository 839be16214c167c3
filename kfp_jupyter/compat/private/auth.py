"""KFP v1's ``kfp._auth``: signing in to Google's Identity-Aware Proxy. It isn't there, and says so when it is used."""

from __future__ import annotations

from typing import Any, NoReturn

from kfp_jupyter.errors import EngineError, author_position

IAM_SCOPE = "https://www.googleapis.com/auth/iam"
OAUTH_TOKEN_URI = "https://www.googleapis.com/oauth2/v4/token"  # noqa: S105  (an address)


def get_gcp_access_token() -> NoReturn:
    """Refuse: see the module."""
    _refuse("get_gcp_access_token")


def get_auth_token(*_args: Any, **_options: Any) -> NoReturn:
    """Refuse: see the module."""
    _refuse("get_auth_token")


def get_auth_token_from_sa(*_args: Any, **_options: Any) -> NoReturn:
    """Refuse: see the module."""
    _refuse("get_auth_token_from_sa")


def get_google_open_id_connect_token(*_args: Any, **_options: Any) -> NoReturn:
    """Refuse: see the module."""
    _refuse("get_google_open_id_connect_token")


def _refuse(name: str) -> NoReturn:
    raise EngineError(
        f"kfp._auth.{name} is not available: this package doesn't sign in to Google's Identity-Aware Proxy.",
        remedy="Get the token with the google-auth library.",
        position=author_position(),
    )
