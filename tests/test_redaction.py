"""Credentials are left out of texts, whatever form they take; what is none stays."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from kfp_jupyter.errors import EngineError, Position
from kfp_jupyter.object_store import Account
from kfp_jupyter.redaction import redact, remember_address, remember_secret, without_credentials

SECRET = "Marked/Secret+42&<="
"""It looks different in each encoding."""


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        html.escape(SECRET),
        json.dumps(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        SECRET.encode().hex(),
        quote(SECRET, safe="").lower().replace(SECRET[:6].lower(), SECRET[:6]).replace("secret", "Secret"),
        json.dumps(SECRET).replace("/", "\\/"),
    ],
)
def test_what_was_read_as_a_credential_is_found_in_every_encoding(form: str) -> None:
    remember_secret(SECRET)
    assert redact(f"before {form} after").replace('"', "").replace("=", "") == "before *** after"


@pytest.mark.parametrize("before", ["", "u", "us", "user:"])
def test_what_was_read_as_a_credential_is_found_inside_of_what_was_encoded(before: str) -> None:
    remember_secret(SECRET)
    encoded = base64.b64encode(f"{before}{SECRET}".encode()).decode()
    shown = redact(f"Sent {encoded}.").removeprefix("Sent ").removesuffix(".")
    assert "***" in shown
    assert SECRET[2:-2].encode() not in base64.b64decode(shown.replace("***", "") + "==")
    assert len(shown) < len(encoded) / 2


@pytest.mark.parametrize("between", ["\n", "\r\n    ", "\x1b[0m\x1b[1m", "\N{ZERO WIDTH SPACE}", " │\n│ "])
def test_a_credential_is_found_where_a_text_was_wrapped_or_coloured(between: str) -> None:
    remember_secret("marked-credential-42")
    assert redact(f"Said marked-cre{between}dential-42, so.") == "Said ***, so."


@pytest.mark.parametrize("end", ["", "…", "...", "'…", "')", "\n"])
def test_what_is_left_of_a_credential_in_a_shortened_text_is_left_out(end: str) -> None:
    remember_secret("marked-credential-42")
    assert redact(f"Said 'marked-creden{end}") == f"Said '***{end}"
    assert redact("It is a marked-creation of marked-credentials.") == "It is a marked-creation of marked-credentials."


def test_a_credential_of_several_lines_is_found_whole_escaped_and_line_by_line() -> None:
    line = "MIIEvMarkedPrivateLine0123456789"
    remember_secret(f"-----BEGIN SOMETHING-----\n{line}\n-----END SOMETHING-----\n")
    assert line not in redact(f"couldn't load {line}")
    assert redact(repr(f"-----BEGIN SOMETHING-----\n{line}\n-----END SOMETHING-----")) == "'***'"


def test_a_short_credential_is_found_as_a_word_alone() -> None:
    remember_secret("argoxy")
    assert redact("argoxy in argoxy-server, argoxy.example, argoxys and argoxy.") == (
        "*** in argoxy-server, argoxy.example, argoxys and ***."
    )
    remember_secret("the")
    assert redact("the user") == "the user"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://alice:MARK@host/c.yaml", "https://***@host/c.yaml"),
        ("https://alice:MA/RK@host/c.yaml", "https://***@host/c.yaml"),
        ("https://alice:MA@RK@host/c.yaml", "https://***@host/c.yaml"),
        ("git+https://MARK@github.com/x/y@v1", "git+https://***@github.com/x/y@v1"),
        ("url: /c.yaml?X-Amz-Signature=MARK&X-Amz-Date=1 (", "url: /c.yaml?X-Amz-Signature=***&X-Amz-Date=1 ("),
        ("/x?v=1&sig=MARK#end", "/x?v=1&sig=***#end"),
        ("/x?a=1&amp;access_token=MARK&amp;b", "/x?a=1&amp;access_token=***&amp;b"),
        (r"Invalid header value b'Bearer MARK\n'", "Invalid header value b'Bearer ***'"),
        ("{'Authorization': 'Basic MARK==', 'x': 1}", "{'Authorization': '***', 'x': 1}"),
        ("> proxy-authorization: Basic MARK==", "> proxy-authorization: ***"),
        ("Cookie: authservice_session=MARK; b=MARK", "Cookie: ***"),
        ("{'cookie': 'authservice_session=MARK'}", "{'cookie': '***'}"),
        ("%kfp engine argo server_token=MARK namespace=n", "%kfp engine argo server_token=*** namespace=n"),
        ('f(password="MARK it", n=1)', 'f(password="***", n=1)'),
        ("curl --token MARK host", "curl --token *** host"),
        ('{"clientSecret": "MARK", "n": 1}', '{"clientSecret": "***", "n": 1}'),
        ("user: {client-key-data: MARKMARK1=}", "user: {client-key-data: ***}"),
        ("said eyJMARKMARK.MARK.MARK", "said ***"),
        ('Authorization: Digest username="u", response="MARK"', "Authorization: ***"),
        ("Authorization: AWS4-HMAC-SHA256 Credential=MARK/x, Signature=MARK", "Authorization: ***"),
        ("('cookie', 'MARK'), ('x', 'y')", "('cookie', '***'), ('x', 'y')"),
        ("X-Functions-Key: MARK", "X-Functions-Key: ***"),
        ("cookies={'authservice_session': 'MARK'}", "cookies=***"),
        ("<RequestsCookieJar[<Cookie s=MARK for h/>]>", "<RequestsCookieJar[<Cookie s=*** for h/>]>"),
        ("curl -u alice:MARKMARK https://h", "curl -u *** https://h"),
        ("get(url, auth=('alice', 'MARK'))", "get(url, auth=('alice', '***'))"),
        ("HTTPBasicAuth('alice', 'MARK')", "HTTPBasicAuth('alice', '***')"),
        ('{"auths": {"h": {"auth": "MARKMARK"}}}', '{"auths": {"h": {"auth": "***"}}}'),
        (r"{\"token\": \"MARK\"}", r"{\"token\": \"***\"}"),
        ("password = MARKMARK1", "password = ***"),
        ('password: "MARK"', 'password: "***"'),
        ("token: 'MARKMARK1'", "token: '***'"),
        ("token=bytearray(b'MARK')", "token=bytearray(b'***')"),
        ("passwords=['MARK']", "passwords=['***']"),
        ("{'password': SecretStr('MARK')}", "{'password': SecretStr('***')}"),
        ('token="""MARK"""', 'token="""***"""'),
        ("secret=MARKmark1", "secret=***"),
        ("the token 'MARKmark1' is", "the token '***' is"),
        ("Incorrect API key provided: MARK", "Incorrect API key provided: ***"),
        ("https://hooks.slack.com/services/T0/B0/MARK", "https://hooks.slack.com/services/***"),
        ("https://discord.com/api/webhooks/1/MARK", "https://discord.com/api/webhooks/1/***"),
        ("https://api.telegram.org/bot1:MARK/send", "https://api.telegram.org/bot***"),
        ("sk-ant-api03-MARKMARKMARKMARKMARK", "***"),
        ("npm_MARKMARKMARKMARKMARKMARKMARKMARK", "***"),
        ("dckr_pat_MARKMARKMARKMARKMARK", "***"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMARK\n-----END RSA PRIVATE KEY----- was read", "*** was read"),
    ],
)
def test_what_stands_where_credentials_stand_is_left_out(text: str, shown: str) -> None:
    assert redact(text) == shown
    assert redact(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "the bearer token has expired",
        "http://host:8080/a@v1 and user@example.com",
        "http://[::1]:80/@x",
        "unexpected token: something",
        "max_tokens=5, token=None, monkey=banana",
        "--max_token 4096 --eos_token_id=50256 max_token=4096 {'pad_token': '<pad>', 'n_token': '512'}",
        "x = f(token=get_token(), password=os.environ['A'])",
        "secrets 'pipeline-runner-token' is forbidden",
        "s3://bucket/key?versions",
        "docker run -u 1000:1000 --user root:root x",
        "the secret 'db-credentials-v2' is not found; secret: mlpipeline-minio-artifact",
        "Unexpected token: 'value_1'; Unexpected token '}'",
        "token = tokenizer.encode(text2); token = tokens1[0]; pwd=/home/user1/Work",
        "session=boto3.Session1(); credentials=Credentials1.from_file(x)",
        "hf_transformers_model_name_long_enough sk-learn-1.2.3-something",
        "cls_token='[CLS]', auth=None, code=200, secretName: user-gcp-sa2",
        "Set server_token=… or the environment variable ARGO_TOKEN.",
    ],
)
def test_what_is_no_credential_stays(text: str) -> None:
    assert redact(text) == text


def test_the_environments_credentials_are_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("")
    monkeypatch.setenv("SOME_SERVICE_TOKEN", "marked-service")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "/marked/amazon")
    monkeypatch.setenv(
        "SOME_EXTRA_INDEX_URL", "https://u:markedpass@index.example/simple https://v:otherpass@other.example"
    )
    monkeypatch.setenv("SSL_KEY", str(key))
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "marked-false")
    text = f"marked-service /marked/amazon markedpass otherpass {key} marked-false"
    assert redact(text) == f"*** *** *** *** {key} marked-false"


def test_the_password_of_an_address_is_found_also_as_a_header_has_it() -> None:
    remember_address("https://alice:p%40ssw0rd@host/?token=marked-parameter")
    header = base64.b64encode(b"alice:p@ssw0rd").decode()
    assert redact(f"p@ssw0rd p%40ssw0rd {header} marked-parameter alice") == "*** *** *** *** alice"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://u:p@h:1/x?token=t&a=b#f", "https://h:1/x?a=b#f"),
        ("https://h/x?X-Amz-Credential=1&X-Amz-Signature=2&v=%20", "https://h/x?v=+"),
        ("https://h/x?a=b%20c&a=", "https://h/x?a=b%20c&a="),
        ("gs://b/x", "gs://b/x"),
        ("some/file@v1.yaml", "some/file@v1.yaml"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_an_address_is_kept_without_its_credentials(address: str, shown: str) -> None:
    assert without_credentials(address) == shown


def test_a_store_s_account_is_shown_by_its_name_alone() -> None:
    account = Account("minio", "marked-password", "marked-session")
    assert repr(account) == "Account(user='minio')"
    assert redact("minio: marked-password, marked-session") == "minio: ***, ***"
    assert redact(repr(Account("AKIA0123456789ABCDEF", "x"))) == "Account(user='***')"


def test_an_error_holds_no_credential_in_any_of_its_parts() -> None:
    line = Position("cell [1]", 2, "%component load https://u:marked@h/c?token=marked")
    error = EngineError("https://u:marked@h said no.", remedy="Try https://u:marked@g.", position=line)
    shown = (str(error), repr(error), *error.args, error.message, error.remedy, *error._render_traceback_())
    assert not [text for text in shown if "marked" in text]
    assert "https://***@h said no. Try https://***@g." in str(error)
