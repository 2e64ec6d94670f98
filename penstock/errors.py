"""Every error that Penstock raises on purpose.

PenstockError
├── SpecError        a file that the user wrote is wrong
├── SynthError       app.py did not produce an assembly
├── DeployError      a template cannot be deployed
├── CloudError       the local cloud cannot start, or cannot be reached
└── RunError         an execution did not succeed
"""


class PenstockError(Exception):
    """The root: its message says what is wrong, where, the value found, and what to do next."""


class SpecError(PenstockError):
    """A pipeline.yaml, environments.yaml or file beside them is wrong; the message lists every error."""


class SynthError(PenstockError):
    """The app did not produce a cloud assembly."""


class DeployError(PenstockError):
    """A template cannot be deployed; the message names the stack and the logical id."""


class CloudError(PenstockError):
    """The local cloud cannot start, or cannot be reached."""


class RunError(PenstockError):
    """An execution did not succeed."""
