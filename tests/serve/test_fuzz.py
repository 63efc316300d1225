"""The service, asked all kinds of things that its own schema allows."""

from __future__ import annotations

import shutil
import sys
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from soundgan.serve import guard, projections, runs
from soundgan.serve.streams import stream
from tests.conftest import V1
from tests.serve.asking import Client

schemathesis = pytest.importorskip("schemathesis")


@pytest.mark.slow
def test_every_answer_is_a_success_or_a_documented_problem(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_CHANGES", float("inf"))
    monkeypatch.setattr(guard, "CHANGES_PER_SECOND", 1e9)
    shutil.copytree(V1 / "run", "runs/mine")
    refusing = (sys.executable, "-c", "import sys; sys.exit(2)")
    monkeypatch.setattr(client.service.children, "_program", refusing)
    for part in (runs, projections):  # whose streams do not end otherwise
        monkeypatch.setattr(part, "stream", lambda who, news: stream(who, islice(news, 3)))
    schema = schemathesis.openapi.from_dict(client.app.openapi())
    drums, wrong, n_asked = client.drums, list[str](), 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=25,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        )
        def ask(case: Any) -> None:
            nonlocal n_asked
            if case.path_parameters and "hash" in case.path_parameters and n_asked % 2:
                case.path_parameters["hash"] = drums
            if case.path_parameters and "name" in case.path_parameters and n_asked % 2:
                case.path_parameters["name"] = "mine"
            n_asked += 1
            method, url, rest = arguments_of(case, client.base)
            try:
                answer = client.ask(method, url, **rest)
            except (ValueError, TypeError):  # nothing that HTTP could carry
                return
            refused = answer.status_code >= 400
            problem = answer.headers.get("content-type") == "application/problem+json"
            if answer.status_code >= 500 or (refused and not problem):
                wrong.append(f"{method} {url} {rest}: {answer.status_code} {answer.text[:200]}")

        ask()
    assert n_asked > 300
    assert wrong == []


def arguments_of(case: Any, base: str) -> tuple[str, str, dict[str, Any]]:
    """A case as our client takes it."""
    given = case.as_transport_kwargs(base_url=base)
    headers = {k: v for k, v in dict(given.get("headers") or {}).items() if k != "User-Agent"}
    rest: dict[str, Any] = {"headers": headers}
    rest |= {key: given[key] for key in ("params", "json", "cookies") if given.get(key)}
    if (data := given.get("data")) is not None:
        rest["content"] = data if isinstance(data, bytes | str) else str(data)
    return given["method"], given["url"], rest
