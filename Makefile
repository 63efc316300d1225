# Everything from a fresh checkout: make demo, make test. Only Python >= 3.11 and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := demo
# TORCH_INDEX=https://download.pytorch.org/whl/cpu saves 4 GB where there is no NVIDIA GPU.

.PHONY: demo test test-all benchmark bench-pictures bench-small health-page docs screenshots clean

demo: $(READY)
	$(BIN)/soundgan demo-data $(DEMO)/drums
	$(BIN)/soundgan prepare $(DEMO)/drums --out $(DEMO)/prepared
	$(BIN)/soundgan train --config configs/demo.toml --data $(DEMO)/prepared --run $(DEMO)/run
	$(BIN)/soundgan generate -n 10 --seed 42 --model $(DEMO)/run --out $(DEMO)/sounds --png --overwrite
	@echo
	@echo "Listen to:  $(DEMO)/sounds/*.wav"
	@echo "Look at:    $$(ls $(DEMO)/run/samples/*.png | tail -n 1)"
	@echo "Read:       $(DEMO)/prepared/report.html"

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q -n auto --dist loadfile

test-all: test
	$(BIN)/mypy --platform win32 soundgan
	$(BIN)/mypy --platform darwin soundgan
	$(BIN)/pytest -q -m slow -n auto --dist loadfile

bench-pictures: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.benchmarks.pictures

# Few clips: 16 trainings for each of PRESETS, MINUTES each, and so 5.3 hours; rows that are there are kept.
MINUTES := 20
PRESETS := fast
ONLY :=
bench-small: $(READY)
	$(BIN)/python -m tests.benchmarks.small build/small "$(MINUTES)" "$(PRESETS)" "$(ONLY)"

benchmark: $(READY)
	$(BIN)/pytest -q -s -m benchmark tests/benchmarks

health-page: $(READY)
	$(BIN)/python -m tests.health.page

docs: $(READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict
	@echo "Read:       site/index.html"

screenshots: $(READY)
	$(BIN)/python tools/screenshots.py

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
ifdef TORCH_INDEX
	$(BIN)/python -m pip install --quiet --index-url $(TORCH_INDEX) torch==2.11.0 torchaudio==2.11.0
endif
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable .
	@touch $(READY)

clean:
	rm -rf $(VENV) $(DEMO) dist site build .pytest_cache .mypy_cache .ruff_cache
