from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from penstock.local.gateway.uploads import uploaded
from penstock.local.service import AwsError


def test_a_small_body_stays_in_memory(tmp_path: Path) -> None:
    environ: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked"}
    with uploaded(BytesIO(b"x" * 1000), tmp_path) as body:
        body.hand_to(environ)
        assert (environ["wsgi.input"].read(), environ["CONTENT_LENGTH"]) == (b"x" * 1000, "1000")
        assert (body.data, body.file, list(tmp_path.iterdir())) == (b"x" * 1000, "", [])
    assert "HTTP_TRANSFER_ENCODING" not in environ


def test_a_large_one_is_a_file_that_goes_with_the_request_unless_it_is_kept(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    for kept in (False, True):
        environ: dict[str, Any] = {}
        with uploaded(BytesIO(content), tmp_path) as body:
            body.hand_to(environ)
            assert environ["wsgi.input"].read() == content
            assert body.data == b""
            body.kept = kept
        assert [path.read_bytes() for path in tmp_path.iterdir()] == [content] * kept


def test_a_disk_that_is_full_is_said_with_the_folder(tmp_path: Path) -> None:
    with pytest.raises(AwsError, match=f"InternalFailure: .* cannot write to {tmp_path / 'none'}: "):  # noqa: SIM117
        with uploaded(BytesIO(bytes(2_000_000)), tmp_path / "none"):
            pass
