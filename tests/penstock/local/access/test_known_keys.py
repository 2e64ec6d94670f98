"""Every key that a call can have is known."""

import re
from pathlib import Path

import pytest

from penstock.local.access import global_keys, requirements
from penstock.local.access.known_keys import is_known

_FILES = [Path(global_keys.__file__), *Path(requirements.__file__).parent.glob("*.py")]
_KEY = re.compile(r'f?"((?:aws|[a-z][a-z0-9]+):[^"{\s*]+)[^"\s]*"\s*(?::|\]\s*=)(?!\s*\()')


def test_keys_that_requirements_can_set_are_known() -> None:
    found = {key for file in _FILES for key in _KEY.findall(file.read_text(encoding="utf-8"))}
    assert {"s3:prefix", "aws:SourceArn", "kms:EncryptionContext:aws:s3:arn"} <= found
    assert {key for key in found if not is_known(key)} == set()


@pytest.mark.parametrize("key", ["AWS:sourcearn", "aws:ResourceTag/team", "iam:ResourceTag/team", "aws:SourceVpce"])
def test_their_case_does_not_count_and_tags_have_names(key: str) -> None:
    assert is_known(key)


@pytest.mark.parametrize("key", ["s3:Nothing", "aws:Nothing", "s3:ResourceTag/a"])
def test_others_are_not(key: str) -> None:
    assert not is_known(key)
