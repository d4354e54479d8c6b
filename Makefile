# `make help` lists the targets.

PORT ?= 3000
UI_PORT ?= 8501
TITLE ?= 비 오는 날 카페에서 듣는 재즈
# As they were typed: a $ in them begins no variable of make.
override TITLE := $(value TITLE)
override DATABASE := $(value DATABASE)
override MODEL := $(value MODEL)
PYTHON ?= python3.11
VENV := .venv
INSTALLED := $(VENV)/installed
LOCKS := requirements/developing.lock requirements/torch-cpu.lock requirements/torch.lock

export BENTOML_HOME ?= $(or $(AIPLAYER_STATE),$(CURDIR)/var)/bentoml
export BENTOML_DO_NOT_TRACK := True
export HF_HUB_DISABLE_TELEMETRY := 1
export HF_HUB_OFFLINE ?= 1
export PYTHONPATH := $(CURDIR)
export TITLE MODEL
ifdef DATABASE
export AIPLAYER_DATABASE_URL := $(DATABASE)
endif

.PHONY: help up demo setup check style format test coverage load latency retrain weights image serving lock audit clean
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: setup ## serve the API (PORT) and the page (UI_PORT) until Ctrl-C
	@$(VENV)/bin/python -m infra.local up --port $(PORT) --ui-port $(UI_PORT)

demo: setup ## one playlist and its thumbnail into out/: make demo TITLE="..."
	@$(VENV)/bin/python -m infra.local demo --title="$$TITLE" $(if $(filter-out default file,$(origin PORT)),--port $(PORT))

# Types and tests run side by side.
check: $(INSTALLED) style ## format, lint, types, and the quick tests
	@$(VENV)/bin/mypy & types=$$!; \
		$(VENV)/bin/python -m pytest -q --numprocesses 2 -m "not slow and not process and not heavy"; tests=$$?; \
		wait $$types && exit $$tests

style: $(INSTALLED)
	@$(VENV)/bin/ruff format --check --quiet . || { echo "error: the format is not ruff's; \`make format\` writes it" >&2; exit 1; }
	@$(VENV)/bin/ruff check --quiet .

format: $(INSTALLED) ## write the format
	@$(VENV)/bin/ruff check --fix --quiet .
	@$(VENV)/bin/ruff format --quiet .

test: setup style ## everything: what `check` does, the real service, a browser, MariaDB
	@sh tests/install_programs.sh
	@$(VENV)/bin/mypy
	@$(VENV)/bin/python -m pytest --numprocesses 2 $(PYTEST)

# Tracing takes as long again, so it is a target of its own.
coverage: setup ## every test once more, and how much of each file they reach
	@$(VENV)/bin/python -m pytest --numprocesses 2 --cov= $(PYTEST)

# A service of its own, so set-up comes first; with URL the service runs somewhere already.
load: $(if $(URL),$(INSTALLED),setup) ## creators beside a service: SHAPE=steady|spike|soak USERS= SECONDS= URL=; or PEERS=1
ifdef PEERS
	@$(VENV)/bin/python -m loadtests.compare $(if $(USERS),--users $(USERS)) $(if $(SECONDS),--seconds $(SECONDS)) \
		$(if $(ROUNDS),--rounds $(ROUNDS))
else
	@$(VENV)/bin/python -m loadtests.load $(if $(SHAPE),--shape $(SHAPE)) $(if $(USERS),--users $(USERS)) \
		$(if $(SECONDS),--seconds $(SECONDS)) $(if $(URL),--url "$(URL)")
endif

latency: $(INSTALLED) ## a table of latencies, beside a running service
	@$(VENV)/bin/python -m loadtests.latency --url http://127.0.0.1:$(PORT)

setup: $(INSTALLED) ## packages, demo catalogue and models, what of it is missing
	@$(VENV)/bin/python -m training.setup

retrain: setup ## learn from likes and edits, prove it, publish a set: make retrain ARGS="--promote --push"
	@$(VENV)/bin/python -m training.retrain $(ARGS)

image: setup ## a Docker image, or its build context: make image VARIANT=cpu|gpu SET=NAME|none TAG=
	@$(VENV)/bin/python -m infra.image $(if $(VARIANT),--variant "$(VARIANT)") $(if $(SET),--set "$(SET)") $(if $(TAG),--tag "$(TAG)")

# The one target that fetches weights; AIPLAYER_DIFFUSION_WEIGHTS then names them.
weights: $(INSTALLED) ## fetch Stable Diffusion weights: make weights MODEL=owner/name
	@HF_HUB_OFFLINE=0 $(VENV)/bin/python -m training.weights "$$MODEL" $(if $(filter 1,$(ACCEPT)),--accept-license)

$(INSTALLED): $(LOCKS)
	@$(call install,$(VENV),$<)

serving: ## .venv-serving, with only what the service needs
	@$(call install,.venv-serving,requirements/serving.lock)

define install
command -v "$(PYTHON)" > /dev/null || { echo "error: $(PYTHON) is missing. Install Python 3.11 (apt install python3.11 python3.11-venv, or pyenv install 3.11), or name yours: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	"$(PYTHON)" infra/install.py $(1) $(2)
endef

# What still fits stays as it is, unless UPGRADE=1. PyTorch without CUDA is not on PyPI: TORCH_CPU is a folder or index
# page that has it, by default where pip looks for wheels.
TORCH_CPU ?= $(PIP_FIND_LINKS)
COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --no-annotate --generate-hashes \
	--python-version 3.11 --python-platform x86_64-manylinux_2_28 $(if $(filter 1,$(UPGRADE)),--upgrade)
lock: $(INSTALLED) ## resolve pyproject.toml into requirements/, what no longer fits anew; UPGRADE=1: all of it
	@mkdir -p var && echo torch > var/apart.txt
	@$(COMPILE) --group everything --excludes var/apart.txt -o requirements/developing.lock
	@$(COMPILE) --group serve --excludes requirements/not-serving.txt -c requirements/developing.lock -o requirements/serving.lock
	@$(COMPILE) --group serve-cuda --excludes requirements/not-serving.txt -c requirements/developing.lock \
		-o requirements/serving-cuda.lock
	@$(COMPILE) --group ui -c requirements/developing.lock -o requirements/page.lock
	@$(COMPILE) --group torch -c requirements/developing.lock -o requirements/torch.lock
	@$(COMPILE) --group torch-cpu $(if $(TORCH_CPU),--find-links "$(TORCH_CPU)") -c requirements/torch.lock \
		-o requirements/torch-cpu.lock || { echo "error: requirements/torch-cpu.lock stays as it was. Name a folder or a page of links that has PyTorch without CUDA: make lock TORCH_CPU=..." >&2; exit 1; }

audit: $(INSTALLED) ## look the locked packages up among known vulnerabilities
	@$(VENV)/bin/python -m infra.audit requirements/developing.lock requirements/serving-cuda.lock requirements/torch.lock

clean: ## remove .venv, var/ (with your likes) and out/
	rm -rf $(VENV) .venv-serving var out
