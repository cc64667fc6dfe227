# eventmgr from a clean clone: `make run` and `make test` bring whatever the machine is missing, once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.NOTPARALLEL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

python := .venv/bin/python
pip := $(python) -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: help run demo test lint bench install install-dev system

help:
	@echo 'make run     chạy hệ thống tại http://127.0.0.1:8000'
	@echo 'make demo    như run, thêm một hội nghị diễn tập đầy đủ số liệu giả định'
	@echo 'make test    chạy toàn bộ kiểm thử (khoảng 17 phút)'
	@echo 'make lint    kiểm tra mã nguồn: ruff, mypy, djlint; lỗ hổng đã biết của thư viện'
	@echo 'make bench   đo mọi mốc tốc độ, một bảng (dưới 15 phút); BENCH=--write ghi bảng vào README'

run: install
	@exec $(python) app.py

demo: install
	@$(python) -m flask --app app demo
	@exec $(python) app.py

# Two processes for two cores; one closing line for everything, on SQLite and on PostgreSQL; the same examples each time.
test: install-dev
	@$(python) -m pytest --numprocesses=2 --database=all --hypothesis-profile=ci $(TESTS)

lint: install-dev
	@failed=0; \
	$(python) -m ruff check . || failed=1; \
	$(python) -m mypy || failed=1; \
	$(python) -m djlint --quiet templates || failed=1; \
	.ci/audit || failed=1; \
	exit $$failed

bench: install-dev
	@$(python) -m tests.bench $(BENCH)

install: .venv/.run static/vendor/.made
install-dev: .venv/.dev static/vendor/.made

# Only these two goals need a browser and the database servers.
system:
	@.ci/system-packages $(if $(filter test bench,$(MAKECMDGOALS)),test,run)

.venv/.made: | system
	@echo 'Tạo môi trường Python trong .venv (khoảng 5 giây)'
	@$(python) -m pip --version >/dev/null 2>&1 || python3 -m venv --clear .venv
	@touch $@

.venv/.run: requirements.txt .venv/.made
	@echo 'Cài thư viện Python (khoảng 1 phút)'
	@$(pip) --requirement requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt .venv/.made
	@echo 'Cài thư viện Python và công cụ kiểm thử (khoảng 1 phút)'
	@$(pip) --requirement requirements-dev.txt
	@touch $@

node_modules/.made: package.json package-lock.json | system
	@echo 'Tải thư viện giao diện vào node_modules (khoảng 10 giây)'
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# The Python libraries are there by now: both goals name them first, and nothing runs side by side.
static/vendor/.made: static/vendor.mjs static/cut_fonts.py node_modules/.made
	@echo 'Chép tệp giao diện vào static/vendor, rút gọn phông chữ (3 giây)'
	@npm run --silent vendor
	@$(python) static/cut_fonts.py
	@touch $@
