"""model.tar.gz: written so that the same files give the same bytes, and unpacked without trusting it."""

import gzip
import tarfile
from collections.abc import Sequence
from pathlib import Path

_COMPRESSION = 6  # 9 takes several times as long for a few per cent


def pack(folders: Sequence[Path], target: Path) -> bool:
    """Write the files of folders into one .tar.gz; return whether there were any.

    Names, times and owners of the machine are left out: the archive depends on the files' contents alone. Of files with
    the same name it has that of the first folder.
    """
    files = {str(file.relative_to(folder)): file for folder in reversed(folders) for file in folder.rglob("*")}
    files = {name: file for name, file in sorted(files.items()) if file.is_file()}
    if not files:
        return False
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=_COMPRESSION, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, dereference=True) as archive,
    ):
        for name, file in files.items():
            archive.add(file, arcname=name, filter=_anonymous)
    return True


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a .tar.gz; nothing outside the folder can be written or linked to.

    Raises:
        tarfile.TarError: it is damaged, no .tar.gz, or leads out of the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(archive, mode="r:gz") as opened:
            opened.extractall(folder, filter="data")
    except (EOFError, gzip.BadGzipFile) as error:
        raise tarfile.ReadError(str(error)) from error


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    executable = member.mode & 0o100
    return member.replace(mtime=0, mode=0o755 if executable else 0o644, uid=0, gid=0, uname="", gname="", deep=False)
