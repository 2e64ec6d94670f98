"""What the environment tells a server."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runtime.cores import cores
from runtime.errors import ModelError

MEBIBYTE = 1024 * 1024
BODY_MEBIBYTES = 6  # what InvokeEndpoint lets through
PORTS = 2**16


@dataclass(frozen=True)
class Settings:
    """Where to listen, how many processes to be, and the largest body to read."""

    folder: Path
    host: str
    port: int
    workers: int
    max_body: int


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Read the environment variables of SageMaker's contract, and ours.

    Raises:
        ModelError: one of them is no number, or too large.
    """
    # A batch transform job may have chosen larger bodies than an endpoint's.
    body = "SAGEMAKER_MAX_PAYLOAD_IN_MB" if variables.get("SAGEMAKER_BATCH") == "true" else "MAX_BODY_MB"
    port = _whole(variables, "SAGEMAKER_BIND_TO_PORT", 8080)
    if port >= PORTS:
        raise ModelError(f"Set SAGEMAKER_BIND_TO_PORT to a port number: it is {port}.")
    return Settings(
        folder=Path(variables.get("SAGEMAKER_BASE_DIR", "/opt/ml")) / "model",
        host=variables.get("BIND_HOST", "0.0.0.0"),  # noqa: S104 (a container is reached from outside)
        port=port,
        workers=_whole(variables, "SAGEMAKER_MODEL_SERVER_WORKERS", 0) or cores(),
        # 0 is SageMaker's word for no limit: the memory has one.
        max_body=(_whole(variables, body, BODY_MEBIBYTES) or 100) * MEBIBYTE,
    )


def _whole(variables: Mapping[str, str], name: str, default: int) -> int:
    text = variables.get(name, str(default))
    if not (text.isdecimal() and text.isascii()):
        kind = "a port number" if name == "SAGEMAKER_BIND_TO_PORT" else "a whole number"
        raise ModelError(f"Set {name} to {kind}: it is {text!r}.")
    return int(text)
