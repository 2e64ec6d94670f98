"""model.tar.gz: written so that the same files give the same bytes, and unpacked without trusting it."""

import gzip
import tarfile
from pathlib import Path

_COMPRESSION = 6  # 9 takes several times as long for a few per cent


def pack(folder: Path, target: Path) -> bool:
    """Write the files of a folder into a .tar.gz; return whether there were any.

    Names, times and owners of the machine are left out: the archive depends on the files' contents alone.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        return False
    with (
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=_COMPRESSION, mtime=0) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT, dereference=True) as archive,
    ):
        for file in files:
            archive.add(file, arcname=str(file.relative_to(folder)), filter=_anonymous)
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
