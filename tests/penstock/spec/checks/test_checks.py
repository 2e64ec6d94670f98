from collections.abc import Callable

Mistakes = Callable[..., list[str]]
FILE = "pipelines/bigmart/pipeline.yaml"


def test_other_mistakes_of_a_section_do_not_hide_a_check(mistakes: Mistakes) -> None:
    found = mistakes("  container: forest\n", "  container: forst\n  volume: 30\n")

    assert [line for line in found if line.startswith(FILE)] == [
        f"{FILE}:8:14  train.container: there is no folder containers/forst.",
        f"{FILE}:9:3   train.volume: unknown key. "
        "Keys here: container, hyperparameters, instance_type, instance_count, distribution, volume_gb,"
        " max_runtime_minutes, spot, max_wait_minutes, checkpoints, max_retries, keep_alive_minutes, network_isolation,"
        " encrypt_traffic.",
    ]
