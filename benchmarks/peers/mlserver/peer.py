"""MLServer, with its own protocol (V2): a tensor of one text, which is CSV."""

import json
import shutil
from typing import ClassVar

from benchmarks.measuring.ports import free_port
from benchmarks.measuring.wrk import Envelope
from benchmarks.peers.peer import HERE, Given, Start, packages, variables


class MLServer:
    """Its HTTP server, and as many processes that predict as the machine has cores."""

    name: ClassVar = "MLServer"
    envelope: ClassVar = Envelope(
        path="/v2/models/forest/infer",
        content_type="application/json",
        before='{"inputs": [{"name": "rows", "shape": [1], "datatype": "BYTES", "data": ["',
        between=r"\n",
        after='"]}]}',
    )

    def start(self, given: Given, port: int) -> Start:
        """Write its two settings files and start it."""
        settings = {
            "debug": False,
            "host": "127.0.0.1",
            "http_port": port,
            "grpc_port": free_port(),
            "metrics_port": free_port(),
            "parallel_workers": 0,  # one process: its workers cost it more than they give, with a model this quick
        }
        model = {"name": "forest", "implementation": "model.Forest", "parameters": {"uri": str(given.model)}}
        (given.folder / "settings.json").write_text(json.dumps(settings))
        (given.folder / "model-settings.json").write_text(json.dumps(model))
        shutil.copy(HERE / "mlserver/model.py", given.folder)
        found = packages("mlserver")
        return Start([str(found / "bin/mlserver"), "start", "."], given.folder, variables(found))
