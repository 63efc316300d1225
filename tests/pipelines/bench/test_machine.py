from __future__ import annotations

from pathlib import Path

from soundgan.pipelines.bench.machine import describe_machine, describe_versions, processor


def test_the_processor_is_named_as_its_maker_does(tmp_path: Path) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text("processor\t: 0\nmodel name\t: Some  CPU @ 3.00GHz\nprocessor\t: 1\n")
    assert processor(facts) == "Some CPU @ 3.00GHz"
    facts.write_text("BogoMIPS: 48\n")
    assert processor(facts)
    assert processor(tmp_path / "none")


def test_machine_and_versions_are_complete() -> None:
    machine = describe_machine()
    assert all(machine[name] for name in ("system", "processor", "cores", "threads"))
    assert set(describe_versions()) == {"soundgan", "torch", "python"}
