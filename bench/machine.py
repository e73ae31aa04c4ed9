"""What the numbers were taken on."""

import os
import pathlib
import platform
import subprocess
import time


def describe(build):
    """Name -> text, in the order in which it is to be shown."""
    return {
        "processor": processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory_bytes() / 2**30:.1f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "compiler": compiler(build),
        "build": cached(build, "CMAKE_BUILD_TYPE") or "unknown",
        "load before": "{:.2f} (1 min), {:.2f} (5 min)".format(*os.getloadavg()[:2]),
    }


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def memory_bytes(field="MemTotal"):
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * 1024
    return 0


def compiler(build):
    path = cached(build, "CMAKE_CXX_COMPILER")
    if path is None:
        return "unknown"
    try:
        version = subprocess.run(
            [path, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ).stdout
    except OSError:
        return path
    return version.splitlines()[0] if version else path


def cached(build, name):
    """A value of the build's CMake cache, or None."""
    try:
        lines = pathlib.Path(build, "CMakeCache.txt").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        if line.startswith(name + ":"):
            return line.partition("=")[2]
    return None


class Bystanders:
    """How much of the machine others take while something of ours runs, from its construction on."""

    def __init__(self):
        self.begin = time.monotonic(), busy_seconds(), own_seconds()

    def share(self):
        """Of all cores' time, what neither this process nor its ended children took; 0 to 1."""
        now = time.monotonic(), busy_seconds(), own_seconds()
        wall, busy, own = (after - before for after, before in zip(now, self.begin))
        if wall <= 0:
            return 0.0
        return min(max((busy - own) / (wall * os.cpu_count()), 0.0), 1.0)


def busy_seconds():
    """Processor time that the machine's cores were not idle, that stolen by other guests included."""
    fields = pathlib.Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    user, nice, system, _idle, _waiting, interrupt, soft_interrupt, steal = map(int, fields)
    ticks = user + nice + system + interrupt + soft_interrupt + steal
    return ticks / os.sysconf("SC_CLK_TCK")


def own_seconds():
    return sum(os.times()[:4])
