"""AWS Lambda in the local cloud; the package is not called `lambda`, which is a keyword."""

from penstock.local.services.functions.service import Lambda

__all__ = ["Lambda"]
