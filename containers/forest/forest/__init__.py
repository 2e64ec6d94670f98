"""A random forest with its preprocessing: trained by scikit-learn, served as ONNX."""
