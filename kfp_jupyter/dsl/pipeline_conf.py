"""Settings of a whole pipeline.

Source: ``PipelineConf`` in ``kfp/dsl/_pipeline.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kfp_jupyter.dsl.container import one_of
from kfp_jupyter.dsl.kubernetes_types import number_or_text, text_of, whole_number
from kfp_jupyter.dsl.tracing import required_trace
from kfp_jupyter.errors import PipelineError, author_position


class PipelineConf:
    """Settings of a whole pipeline: of all its pods, and of the Workflow itself.

    Attributes:
        data_passing_method: A `data_passing_methods.KubernetesVolume`, or a function that takes a Workflow as plain
            data and returns the one that passes data its way; None passes data through the artifact store.

    Example:
        conf = dsl.PipelineConf().set_timeout(3600).set_image_pull_policy("Always")
    """

    def __init__(self) -> None:
        self.image_pull_secrets: list[Any] = []
        self.timeout = 0
        self.ttl_seconds_after_finished = -1
        self.op_transformers: list[Callable[[Any], Any]] = []
        self.default_pod_node_selector: dict[str, str] = {}
        self.image_pull_policy: str | None = None
        self.parallelism: int | None = None
        self.data_passing_method: Any = None
        self.dns_config: Any = None
        self.host_aliases: list[Any] = []
        self.pod_disruption_budget_min_available: int | str | None = None

    def set_image_pull_secrets(self, image_pull_secrets: list[Any]) -> PipelineConf:
        """Set the secrets that images are pulled with, a list of V1LocalObjectReference; return the settings."""
        self.image_pull_secrets = _list(image_pull_secrets, "image_pull_secrets")
        for secret in self.image_pull_secrets:
            if isinstance(secret, str):
                raise PipelineError(
                    f"image_pull_secrets holds the string {secret!r:.80}.",
                    remedy=f"Pass kubernetes.client.V1LocalObjectReference(name={secret!r:.80}).",
                    position=author_position(),
                )
        return self

    def set_timeout(self, seconds: int | str) -> PipelineConf:
        """End the run when it has taken this many seconds; return the settings."""
        self.timeout = whole_number(seconds, "the pipeline's timeout")
        return self

    def set_parallelism(self, max_num_pods: int) -> PipelineConf:
        """Let at most this many pods run at once; return the settings."""
        self.parallelism = whole_number(max_num_pods, "the pipeline's parallelism")
        if self.parallelism < 1:
            raise PipelineError(
                f"The pipeline's parallelism can't be {max_num_pods!r}.",
                remedy="Pass a whole number above 0.",
                position=author_position(),
            )
        return self

    def set_ttl_seconds_after_finished(self, seconds: int | str) -> PipelineConf:
        """Delete the Workflow this many seconds after its end; return the settings."""
        self.ttl_seconds_after_finished = whole_number(seconds, "the pipeline's ttl_seconds_after_finished")
        return self

    def set_pod_disruption_budget(self, min_available: int | str) -> PipelineConf:
        """Keep pods from being evicted; return the settings.

        Args:
            min_available: How many pods must stay, or which part of them (``"100%"``).
        """
        self.pod_disruption_budget_min_available = number_or_text(min_available, "the pipeline's min_available")
        return self

    def set_default_pod_node_selector(self, label_name: str, value: str) -> PipelineConf:
        """Run pods only on nodes with this label, unless a task says otherwise; return the settings.

        Args:
            label_name: Name of the label.
            value: Its value.
        """
        what = f"the default node selector {label_name!r}"
        self.default_pod_node_selector[text_of(label_name, "the name of a node's label")] = text_of(value, what)
        return self

    def set_image_pull_policy(self, policy: str) -> PipelineConf:
        """Say when images are pulled, unless a task says otherwise: Always, Never or IfNotPresent."""
        self.image_pull_policy = one_of(policy, ("Always", "Never", "IfNotPresent"), "image pull policy")
        return self

    def set_dns_config(self, dns_config: Any) -> PipelineConf:
        """Set how pods resolve names, a V1PodDNSConfig; return the settings."""
        self.dns_config = dns_config
        return self

    def set_host_aliases(self, host_aliases: list[Any]) -> PipelineConf:
        """Add lines to the pods' hosts file, a list of V1HostAlias; return the settings."""
        self.host_aliases = _list(host_aliases, "host_aliases")
        return self

    def add_op_transformer(self, transformer: Callable[[Any], Any]) -> PipelineConf:
        """Let a function change every task when the pipeline is compiled; return the settings."""
        self.op_transformers.append(transformer)
        return self


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise PipelineError(f"{what} can't be {value!r:.80}.", remedy="Pass a list.", position=author_position())
    return list(value)


def get_pipeline_conf() -> PipelineConf:
    """Return the settings of the pipeline whose function is running.

    Raises:
        PipelineError: Outside of a pipeline function.
    """
    conf = required_trace("A PipelineConf").conf
    assert isinstance(conf, PipelineConf)  # noqa: S101  (its only maker is `Pipeline.graph`)
    return conf
