"""How long a program may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds. Those that SageMaker has are SageMaker's own; see the documentation of training and of hosting."""

    train: float = 600  # for some hundred rows
    stop_train: float = 120  # from SIGTERM to SIGKILL
    start_serve: float = 60  # until /ping is 200, or until it has ended with a model that cannot be served
    ping: float = 2
    answer: float = 60
    stop_serve: float = 25  # SageMaker kills after 30
