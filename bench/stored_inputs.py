"""The same traces as plain files, compressed, and in archives."""

import gzip
import shutil
import subprocess
import tarfile

from inputs import Input

GZIP_LEVEL = 6
ZSTD_LEVEL = 3


def stored_inputs(source, folder):
    """`source` first, then in each other way, made below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = make_archive(source, folder / "traces.tar")
    inputs = [
        Input("plain files", source.paths),
        Input("gzip", [compress_gzip(path, folder / f"{i}.gz") for i, path in enumerate(source.paths)]),
        Input("tar", [archive]),
    ]
    if shutil.which("zstd"):
        stored = [compress_zstd(path, folder / f"{i}.zst") for i, path in enumerate(source.paths)]
        inputs.insert(2, Input("zstd", stored))
        inputs.append(Input("tar.zst", [compress_zstd(archive, folder / "traces.tar.zst")]))
    return inputs


def make_archive(source, path):
    with tarfile.open(path, "w") as archive:
        for number, trace in enumerate(source.paths):
            archive.add(trace, f"{number}.trace")
    return path


def compress_gzip(path, to):
    with open(path, "rb") as file, gzip.open(to, "wb", GZIP_LEVEL) as out:
        shutil.copyfileobj(file, out)
    return to


def compress_zstd(path, to):
    subprocess.run(["zstd", "-q", "-f", f"-{ZSTD_LEVEL}", path, "-o", to], check=True)
    return to
