"""One measurement: one reader, in this process. `benchmarks.peers` starts it, in the reader's environment.

python -m benchmarks.readers.run MODULE FUNCTION BASE_URL COUNT AT_ONCE FOLDER CORE
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.readers.material import Place


def peak() -> float:
    """The most memory that this process had, in MB.

    Not what getrusage says, where there is better: that begins with the peak of the process that started this one.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print what reading took, as JSON."""
    module, function, base_url, count, at_once, folder, core = sys.argv[1:]
    if core != "any":
        os.sched_setaffinity(0, {int(core)})
    began = perf_counter()
    prepare = getattr(importlib.import_module(f"benchmarks.readers.{module}"), function)
    read = prepare(Place(base_url, int(at_once), Path(folder)))
    started, used = perf_counter(), process_time()
    found = read(int(count))
    done, used_after = perf_counter(), process_time()
    measured = {
        "start": started - began,
        "wall": done - started,
        "cpu": used_after - used,
        "peak": peak(),
        "demands": found,
    }
    print(json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
