"""Learn, convert, check, save: the part of a training job that begins once the data are known to be good."""

from network.agreement import check_agreement
from network.encoding import learn_encoding
from network.export import to_onnx
from network.learning import learn
from runtime.onnx_model import FILE, OnnxModel, Session
from runtime.training import Job


def fit(job: Job) -> dict[str, float]:
    """Learn from the rows to learn from, judge on the others, and write the model's folder.

    Returns the metrics and the numbers of rows.

    Raises:
        TrainingError: the loss is no number any more, or the ONNX model does not say what PyTorch says; nothing is
            written then.
    """
    encoding = learn_encoding(job)
    network = learn(job, encoding)
    content = to_onnx(job, encoding, network)
    check_agreement(job, encoding, network, Session(content))
    return job.save({FILE: content}, OnnxModel)
