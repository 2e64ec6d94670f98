"""Who may do what: IAM as the synthesised policies have it."""

from penstock.local.access.access import Access

__all__ = ["Access"]
