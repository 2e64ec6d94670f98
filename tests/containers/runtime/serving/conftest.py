"""The runtime's serving, around the model of the program `serve` beside this file."""

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest

from served import Server, serving

HERE = Path(__file__).parent
RUNTIME = Path(__file__).parents[4] / "containers/runtime"


class Serve(Protocol):
    def __call__(self, variables: Mapping[str, str] = {}, /, **settings: Any) -> AbstractContextManager[Server]: ...


def variables_of(environment: Path, base: Path) -> dict[str, str]:
    path = f"{environment / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    return {"PATH": path, "LANG": "C.UTF-8", "PYTHONPATH": str(RUNTIME), "SAGEMAKER_BASE_DIR": str(base)}


@pytest.fixture(scope="module")
def serve(runtime_environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Serve a model with these settings, with two workers unless the variables say otherwise."""

    def run(variables: Mapping[str, str] = {}, /, **settings: Any) -> AbstractContextManager[Server]:
        base = tmp_path_factory.mktemp("base")
        (base / "model").mkdir()
        (base / "model/settings.json").write_text(json.dumps(settings))
        defaults = {**variables_of(runtime_environment, base), "SAGEMAKER_MODEL_SERVER_WORKERS": "2"}
        return serving([HERE / "serve"], HERE, {**defaults, **variables})

    return run


@pytest.fixture(scope="module")
def server(serve: Serve) -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def classifier(serve: Serve) -> Iterator[Server]:
    with serve(labels=["small", "large, rather"]) as running:
        yield running
