"""What the API says, in words."""

from __future__ import annotations

import json

import pytest

from kfp_jupyter.engines.argo.requirements import REQUIREMENTS, WORKFLOWS
from kfp_jupyter.kubernetes.api_errors import Asked, api_error
from kfp_jupyter.kubernetes.errors import ApiError, NotFoundError, NotInstalledError, TooLargeError
from kfp_jupyter.kubernetes.rbac import Action

CREATE = Action("create", WORKFLOWS, "team-a")


def refusal(action: Action, status: int, body: str, retry_after: str = "") -> ApiError:
    asked = Asked(action, "https://k8s", requirements=REQUIREMENTS)
    return api_error(asked, status, body, retry_after=retry_after)


def say(action: Action, status: int, body: str, retry_after: str = "") -> str:
    return refusal(action, status, body, retry_after).format_message()


def forbidden(user: str) -> str:
    words = f'workflows.argoproj.io is forbidden: User "{user}" cannot create resource "workflows" in API group'
    return json.dumps({"kind": "Status", "message": words, "code": 403})


def test_a_service_account_without_rights_gets_the_commands_that_give_them() -> None:
    text = say(CREATE, 403, forbidden("system:serviceaccount:team-a:default-editor"))
    assert "may not create workflows.argoproj.io in the namespace 'team-a'" in text
    assert "kubectl create rolebinding kfp-jupyter-workflows --role=kfp-jupyter-workflows" in text
    assert "--serviceaccount=team-a:default-editor -n team-a" in text
    assert "--verb=create,get,list,watch,patch,update,delete --resource=workflows.argoproj.io" in text


def test_a_person_without_rights_is_named_by_name() -> None:
    assert "--user='a b'" in say(CREATE, 403, forbidden("a b"))


def test_a_log_that_may_not_be_read_asks_for_logs_only() -> None:
    words = 'pods "x" is forbidden: User "u" cannot get resource "pods/log" in API group ""'
    text = say(Action("get", "pods/log", "n", "x"), 403, json.dumps({"message": words}))
    assert "kubectl create role kfp-jupyter-pods-log --verb=get --resource=pods/log -n n" in text


def test_a_quota_is_no_matter_of_roles() -> None:
    words = 'workflows.argoproj.io "x" is forbidden: exceeded quota: few, used: count=1, limited: count=1'
    text = say(CREATE, 403, json.dumps({"message": words}))
    assert "exceeded quota: few" in text
    assert "rolebinding" not in text


def test_a_cluster_without_argo_is_told() -> None:
    error = refusal(Action("list", WORKFLOWS, "n"), 404, "404 page not found\n")
    assert isinstance(error, NotInstalledError)
    assert "has no Argo Workflows" in error.format_message()


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (Action("get", WORKFLOWS, "n", "x"), '{"message": "workflows.argoproj.io \\"x\\" not found"}'),
        (Action("get", "pods", "n", "x"), "404 page not found"),
    ],
)
def test_an_object_that_is_not_there_is_told_from_a_kind_that_is_not_installed(action: Action, said: str) -> None:
    error = refusal(action, 404, said)
    assert isinstance(error, NotFoundError)
    assert "not found" in error.format_message()


def test_a_login_that_has_run_out_is_told() -> None:
    assert "Log in again" in say(CREATE, 401, '{"message": "Unauthorized"}')


def test_only_what_a_program_needs_itself_is_named_in_the_commands() -> None:
    words = 'pods is forbidden: User "u" cannot create resource "pods" in API group ""'
    asked = Asked(Action("create", "pods", "team"), "https://k8s")
    error = api_error(asked, 403, json.dumps({"message": words}))
    assert "kubectl create role kfp-jupyter-pods --verb=create --resource=pods -n team" in error.remedy
    assert "has no" not in api_error(Asked(Action("list", WORKFLOWS, "n"), "h"), 404, "404 page not found").message


@pytest.mark.parametrize("body", ["", "<html>\n<h1>502", "[]", '{"message": null}'])
def test_a_proxys_page_makes_a_sentence(body: str) -> None:
    assert say(CREATE, 502, body).startswith("The cluster could not create workflows.argoproj.io")


def test_how_long_to_wait_is_kept() -> None:
    assert refusal(CREATE, 429, "", "7").retry_after == 7
    assert refusal(CREATE, 429, "", "Sun, 22 Nov").retry_after == 0


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (413, "Request entity too large: limit is 3145728"),
        (500, "etcdserver: request is too large"),
        (
            500,
            "rpc error: code = ResourceExhausted desc = trying to send message larger than max (3004160 vs. 2097152)",
        ),
    ],
)
def test_what_a_cluster_says_of_too_large_an_object_is_one_error(status: int, words: str) -> None:
    error = refusal(CREATE, status, json.dumps({"message": words}))
    assert isinstance(error, TooLargeError)
    assert "split the pipeline" in error.format_message()


def test_an_answer_that_quotes_a_whole_object_is_cut() -> None:
    text = say(CREATE, 400, json.dumps({"message": f"the object is not a Workflow: {'x' * 1_000_000}"}))
    assert "the object is not a Workflow: xxx" in text
    assert len(text) < 1200
