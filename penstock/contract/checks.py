"""All checks, in the order in which they are made."""

from penstock.contract import serving, training

CHECKS = (*training.CHECKS, *serving.CHECKS)
