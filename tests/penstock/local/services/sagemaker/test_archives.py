import contextlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from penstock.local.services.sagemaker.archives import pack, unpack


def files(folder: Path) -> Path:
    (folder / "deep").mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"weights")
    (folder / "deep" / "manifest.json").write_text("{}")
    return folder


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    assert pack([files(tmp_path / "a")], tmp_path / "m.tar.gz")
    unpack(tmp_path / "m.tar.gz", tmp_path / "b")
    assert (tmp_path / "b" / "model.onnx").read_bytes() == b"weights"
    assert (tmp_path / "b" / "deep" / "manifest.json").read_text() == "{}"


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        folder = files(tmp_path / name)
        os.utime(folder / "model.onnx", (ord(name), ord(name)))
        pack([folder], tmp_path / f"{name}.tar.gz")
    assert (tmp_path / "a.tar.gz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()


def test_an_empty_folder_is_not_packed(tmp_path: Path) -> None:
    (tmp_path / "a" / "empty").mkdir(parents=True)
    assert not pack([tmp_path / "a"], tmp_path / "m.tar.gz")
    assert not (tmp_path / "m.tar.gz").exists()


@pytest.mark.parametrize("name", ["../outside", "/penstock-outside"])
def test_a_member_outside_the_folder_is_refused_or_put_inside(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "m.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = 1
        archive.addfile(member, io.BytesIO(b"x"))
    with contextlib.suppress(tarfile.TarError):
        unpack(tmp_path / "m.tar.gz", tmp_path / "b")
    assert not (tmp_path / "outside").exists()
    assert not Path("/penstock-outside").exists()


def test_a_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "m.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    with pytest.raises(tarfile.TarError):
        unpack(tmp_path / "m.tar.gz", tmp_path / "b")


@pytest.mark.parametrize("cut", [0, 5, 60])
def test_a_damaged_archive_is_refused(tmp_path: Path, cut: int) -> None:
    pack([files(tmp_path / "a")], tmp_path / "m.tar.gz")
    whole = (tmp_path / "m.tar.gz").read_bytes()
    (tmp_path / "m.tar.gz").write_bytes(whole[:cut])
    with pytest.raises(tarfile.TarError):
        unpack(tmp_path / "m.tar.gz", tmp_path / "b")
