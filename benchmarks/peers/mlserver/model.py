# mypy: ignore-errors
"""The model as MLServer runs it."""

from pathlib import Path

from mlserver import MLModel
from mlserver.codecs import StringCodec
from mlserver.types import InferenceResponse
from scoring import Scorer


class Forest(MLModel):
    """Text to text."""

    async def load(self):
        """Load it."""
        self.scorer = Scorer(Path(self.settings.parameters.uri))
        return True

    async def predict(self, payload):
        """Answer."""
        text = StringCodec.decode_input(payload.inputs[0])[0]
        return InferenceResponse(
            model_name=self.name, outputs=[StringCodec.encode_output("predictions", [self.scorer(text)])]
        )
