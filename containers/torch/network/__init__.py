"""A small neural network for tables, trained by PyTorch and served by onnxruntime, by SageMaker's contract."""
