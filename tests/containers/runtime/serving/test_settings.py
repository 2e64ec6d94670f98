from pathlib import Path

from runtime.serving.settings import read_settings


def test_defaults_are_those_of_sagemaker() -> None:
    settings = read_settings({})
    assert (settings.folder, settings.host, settings.port) == (Path("/opt/ml/model"), "0.0.0.0", 8080)  # noqa: S104
    assert settings.max_body == 6 * 1024 * 1024
    assert read_settings({"SAGEMAKER_BATCH": "true", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "0"}).max_body == 100 * 1024 * 1024
