"""BentoML: a service with one method, which takes and returns text in JSON."""

from typing import ClassVar

from benchmarks.measuring.wrk import Envelope
from benchmarks.peers.peer import HERE, Given, Start, packages, variables


class BentoML:
    """As many processes as the machine has cores, without its access log."""

    name: ClassVar = "BentoML"
    envelope: ClassVar = Envelope(content_type="application/json", before='{"rows": "', between=r"\n", after=r'\n"}')

    def start(self, given: Given, port: int) -> Start:
        """Start it."""
        found = packages("bentoml")
        options = ["--working-dir", str(HERE / "bentoml"), "--host", "127.0.0.1", "--port", str(port)]
        home = {"HOME": str(given.folder), "BENTOML_HOME": str(given.folder), "BENTOML_DO_NOT_TRACK": "True"}
        return Start(
            [str(found / "bin/bentoml"), "serve", "service:Forest", *options],
            given.folder,
            variables(found, MODEL=str(given.model), **home),
        )
