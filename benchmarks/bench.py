"""A reader in a process of its own, on a core of its own, against a stub on another: what it takes.

Knows which readers there are and how each gets what it needs; what is measured of them is `benchmarks.peers`' matter.
"""

from __future__ import annotations

import json
import math
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from benchmarks.readers.recorded import demands, leave
from benchmarks.stub import serving

HERE = Path(__file__).parent
TOO_LONG = 1800.0
"""Seconds after which a run is ended."""


@dataclass(frozen=True)
class Reader:
    """A program that is measured."""

    module: str
    """In `benchmarks.readers`."""
    packages: tuple[str, ...] = ()
    """What pip installs for it, the one that it is named for first; none: it runs where this runs."""
    function: str = "prepare"
    most: int = 1_000_000
    """Articles that it is given at most, or a run takes minutes."""
    at_once: int = 1_000_000
    """Requests that it is let have under way at most."""
    quotes: bool = False
    """Whether it wants words of the article, not numbers of sentences."""
    generates: bool = False
    """Whether it needs code that is generated from `baml_src`."""

    @property
    def environment(self) -> str:
        """What its environment is called; readers of the same packages share one."""
        return self.module


LANGEXTRACT = ("langextract[openai]",)
READERS = {
    "ours": Reader("ours"),
    "instructor": Reader("with_instructor", ("instructor>=1.17,<2", "openai>=3.3")),
    "pydantic-ai": Reader("with_pydantic_ai", ("pydantic-ai-slim[openai]",)),
    "langchain": Reader("with_langchain", ("langchain-openai",)),
    "llama-index": Reader("with_llama_index", ("llama-index-llms-openai",)),
    "litellm": Reader("with_litellm", ("litellm",)),
    "baml": Reader("with_baml", ("baml-py", "pydantic"), generates=True),
    "langextract": Reader("with_langextract", LANGEXTRACT, most=200, at_once=16, quotes=True),
    "langextract-whole": Reader("with_langextract", LANGEXTRACT, "prepare_whole", most=200, at_once=16, quotes=True),
}
"""By the name that the table has. What langextract is let have is what its measurements bear: threads, not tasks."""
BESIDE = ("openai", "pydantic")
"""Packages whose versions are named beside each reader's own."""


@dataclass(frozen=True)
class Setting:
    """What is done with a reader."""

    articles: int
    at_once: int
    latency: float
    """Seconds."""
    few: bool = False
    """Whether an answer has few notes."""


@dataclass(frozen=True)
class Measured:
    """What one run took."""

    reader: str
    setting: Setting
    articles: int
    """That were read: fewer than asked for where a reader is slow."""
    start: float
    """Seconds, and so are the next two."""
    wall: float
    cpu: float
    peak: float
    """MB."""
    requests: int
    prompt_bytes: int
    stub: float
    """Seconds of CPU that the stub took."""

    @property
    def over_ideal(self) -> float:
        """Wall time over the least that there could be; infinite without a latency."""
        ideal = self.setting.latency * math.ceil(self.articles / self.setting.at_once)
        return self.wall / ideal if ideal else math.inf


class Bench:
    """A folder with the readers' environments, and the two cores."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        leave(self.folder)
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self.cores = (cores[0], cores[1]) if len(cores) > 1 else None
        """The stub's and the reader's; None: there is only one, or they can't be chosen."""

    def python(self, reader: Reader) -> Path:
        """The interpreter that has what a reader needs; installs it if need be."""
        if not reader.packages:
            return Path(sys.executable)
        home = self.folder / reader.environment
        python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        ready = home / "ready"
        if not ready.exists():
            shutil.rmtree(home, ignore_errors=True)
            print(f"installing {', '.join(reader.packages)} …", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", home], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *reader.packages], check=True, stderr=sys.stderr)
            if reader.generates:
                self._generate(home, python)
            ready.touch()
        return python

    def _generate(self, home: Path, python: Path) -> None:
        """BAML's client of `baml_src`, beside its environment."""
        source = home / "generated/baml_src"
        shutil.copytree(HERE / "readers/baml_src", source)
        generator = {"output_type": "python/pydantic", "output_dir": "../", "version": version(python, "baml-py")}
        lines = [f'  {name} "{value}"' for name, value in generator.items()]
        text = "\n".join(["generator python {", *lines, "  default_client_mode async", "}", ""])
        (source / "generators.baml").write_text(text, encoding="utf-8")
        subprocess.run([python.parent / "baml-cli", "generate", "--from", source], check=True, stdout=sys.stderr)

    def measure(self, name: str, setting: Setting) -> Measured:
        """One run of a reader, in a process of its own.

        Raises:
            RuntimeError: if it fails, or hasn't noted all that there was.
        """
        reader = READERS[name]
        python = self.python(reader)
        count, at_once = min(setting.articles, reader.most), min(setting.at_once, reader.at_once)
        stub_core, core = self.cores or (None, "any")
        quoted = f"benchmarks.readers.recorded:{'quoted_few' if setting.few else 'quoted'}"
        content = self.folder / ("few.json" if setting.few else "all.json")
        with (
            self._place() as place,
            serving(
                latency=setting.latency,
                content=None if reader.quotes else content,
                answer=quoted if reader.quotes else None,
                core=stub_core,
            ) as stub,
        ):
            stub.seen(forget=True)
            options = [reader.module, reader.function, stub.base_url, str(count), str(at_once), str(place), str(core)]
            done = subprocess.run(
                [python, "-m", "benchmarks.readers.run", *options],
                check=False,
                capture_output=True,
                text=True,
                timeout=TOO_LONG,
                cwd=HERE.parent,
                env=self._environment(reader),
            )
            seen = stub.seen()
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
        found = json.loads(done.stdout.splitlines()[-1])
        if found["demands"] != count * demands(setting.few):
            raise RuntimeError(f"{name} noted {found['demands']} demands in {count} articles, not what was answered")
        return Measured(
            reader=name,
            setting=setting,
            articles=count,
            start=found["start"],
            wall=found["wall"],
            cpu=found["cpu"],
            peak=found["peak"],
            requests=seen.requests,
            prompt_bytes=seen.prompt_bytes,
            stub=seen.cpu,
        )

    @contextmanager
    def _place(self) -> Iterator[Path]:
        """A folder for one run, with the question in it."""
        with tempfile.TemporaryDirectory(prefix="run-", dir=self.folder) as place:
            shutil.copy(self.folder / "question.json", place)
            yield Path(place)

    def _environment(self, reader: Reader) -> dict[str, str]:
        """The variables of a run: nobody logs, nobody asks a proxy."""
        generated = {"PYTHONPATH": str(self.folder / reader.environment / "generated")} if reader.generates else {}
        return {**os.environ, "BAML_LOG": "off", "NO_PROXY": "127.0.0.1", **generated}

    def versions(self, names: Sequence[str]) -> str:
        """The readers and what they stand on, with their versions."""
        told = {}
        for name in names:
            reader = READERS[name]
            own = reader.packages[0].split("[")[0].split(">")[0] if reader.packages else "summarizer"
            beside = ("instructor", *BESIDE) if own == "summarizer" else BESIDE
            found = {package: version(self.python(reader), package) for package in beside}
            others = ", ".join(f"{package} {number}" for package, number in found.items() if number)
            told[own] = f"{own} {version(self.python(reader), own)} ({others})"
        return "; ".join(told.values())


def version(python: Path, package: str) -> str:
    """A package's version in an environment; empty if it isn't there."""
    code = "import sys, importlib.metadata as m; print(next(iter(m.distributions(name=sys.argv[1]))).version)"
    done = subprocess.run([python, "-c", code, package], check=False, capture_output=True, text=True)
    return done.stdout.strip()


def machine() -> str:
    """What this runs on, and how fast it is just now: figures of two moments are to be held against that."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        processor = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        processor = platform.processor() or platform.machine()
    began = process_time()
    sum(number * number for number in range(2_000_000))
    speed = f"2 million squares added up in {process_time() - began:.2f} s"
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()} ({speed})"
