# Two commands: `make run` and `make test`. `make help` lists the others.
SHELL := /bin/sh
PORT ?= 8000
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header

PAGES := tests/browser tests/journeys
FIGURES := start intake dispatch memory desk_list \
	mandates_index mandates_audit replay mandates_learn topics standard linkage register addresses ledgers

.PHONY: help run setup setup-dev setup-cluster test test-cluster bench pictures lock clean
.DEFAULT_GOAL := help

help: ## this list · 列出这些命令
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: setup ## set up what is missing and start the platform on http://127.0.0.1:$(PORT) · 安装并启动
	@exec .venv/bin/qianxian run --port $(PORT)

setup: ## environment, packages, front end, command .venv/bin/qianxian · 只安装
	@$(FIND_PYTHON) "$$python" requirements/prepare.py

setup-dev:
	@$(FIND_PYTHON) "$$python" requirements/prepare.py --dev

setup-cluster: setup-dev
	@$(FIND_PYTHON) "$$python" requirements/prepare.py --dev --cluster

test-cluster: setup-cluster ## the standard on a real Spark cluster, of which a worker is killed · 集群测试
	.venv/bin/python -m pytest -m cluster tests/cluster

test: setup-dev ## every check and every test; DATABASE=embedded takes the wheel's PostgreSQL · 全部检查和测试
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	@$(IN_TWO_HALVES)

bench: setup-dev ## every benchmark beside its peer or its floor · 性能测量
	@for figure in $(FIGURES); do echo "== $$figure"; .venv/bin/python -m benchmarks.$$figure || exit 1; done

pictures: setup-dev ## take the pictures of the README anew · 重拍说明里的图片
	.venv/bin/python docs/pictures/take.py

lock: setup-dev ## resolve the dependencies of pyproject.toml again · 重新锁定依赖
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) --extra dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt
	$(LOCK) --extra cluster -c requirements/run.txt -c requirements/dev.txt pyproject.toml -o requirements/cluster.txt
	$(LOCK) requirements/node.in -o requirements/node.txt
	cd frontend && npm install --package-lock-only --ignore-scripts

clean: ## remove what was installed and built; the platform's data stays · 清除安装结果，保留数据
	rm -rf .venv frontend/node_modules qianxian/web/static/built qianxian/standard/data/built .mypy_cache .ruff_cache .import_linter_cache

# Tests in a browser wait for pages most of the time: they run beside the others, on a database server of their own. On a server
# of one's own (DATABASE_URL) both would meet in one database, so they run one after the other.
define IN_TWO_HALVES
export QIANXIAN_DATABASE=$(DATABASE); \
if [ -n "$$DATABASE_URL" ]; then .venv/bin/python -m pytest; exit $$?; fi; \
mkdir -p .qianxian; \
QIANXIAN_TEST_HOME="$(CURDIR)/.qianxian/test-pages-$(or $(DATABASE),private)" .venv/bin/python -m pytest $(PAGES) > .qianxian/test-pages.log 2>&1 & pages=$$!; \
trap 'kill $$pages 2>/dev/null' INT TERM; \
.venv/bin/python -m pytest $(PAGES:%=--ignore=%); rest=$$?; \
wait $$pages; seen=$$?; cat .qianxian/test-pages.log; \
[ $$rest -eq 0 ] && [ $$seen -eq 0 ]
endef

# The first Python of at least 3.11 on the path.
define FIND_PYTHON
for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
done; \
if [ -z "$$python" ]; then \
  echo '需要 Python 3.11 或更高版本：请安装后重试，或用 make PYTHON=/路径/python3 指定。' >&2; \
  echo 'Python 3.11 or later is needed: install it, or name it by `make PYTHON=/path/to/python3`.' >&2; exit 2; \
fi;
endef
