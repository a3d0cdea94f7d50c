import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from qianxian.config import home
from qianxian.config.home import Home, Trouble, as_trouble, database_settings


def test_a_key_is_drawn_once_and_only_its_owner_may_read_it(tmp_path: Path):
    first = Home(tmp_path).key("django")

    assert Home(tmp_path).key("django") == first
    assert stat.S_IMODE((tmp_path / "keys" / "django").stat().st_mode) == 0o600
    assert len(first) == 64


def test_two_homes_share_neither_keys_nor_sockets(tmp_path: Path):
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")

    assert one.key("database") != other.key("database")
    assert one.socket != other.socket


def test_a_socket_fits_into_its_107_bytes_however_deep_the_home_lies(tmp_path: Path):
    deep = Home(tmp_path.joinpath(*["很深的目录"] * 20))

    assert len(os.fsencode(deep.socket / ".s.PGSQL.5432.lock")) < 107


def test_database_url_outranks_the_private_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://town:p%40ss@db.example:6543/district?sslmode=require")

    settings = database_settings(Home(tmp_path))

    assert settings["NAME"] == "district"
    assert (settings["USER"], settings["PASSWORD"]) == ("town", "p@ss")
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "6543")
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert not (tmp_path / "keys").exists()


def test_database_url_may_name_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://town@/district?host=/run/postgresql")

    assert database_settings(Home(tmp_path))["HOST"] == "/run/postgresql"


def test_a_home_that_is_not_ours_is_refused_in_one_sentence_of_each_language(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(Trouble) as refused:
        Home(tmp_path / "file").open()

    zh, en = str(refused.value).splitlines()
    assert zh.startswith(f"没有使用 {tmp_path / 'file'} 的权限：")
    assert en == (
        f"No permission to use {tmp_path / 'file'}: run this as its owner, or name your own directory by QIANXIAN_HOME."
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can take a home from another account")
def test_the_command_refuses_the_home_of_another_account(tmp_path: Path):
    Home(tmp_path / "theirs").open()
    tmp_path.chmod(0o755)
    body = (
        "from pathlib import Path; from qianxian.config.home import Home, Trouble, complain\n"
        "import sys\n"
        "try: Home(Path(sys.argv[1])).open()\n"
        "except Trouble as trouble: sys.exit(complain(trouble))"
    )
    script = f"import os; os.setgroups([]); os.setgid(65534); os.setuid(65534)\n{body}"
    done = subprocess.run(
        [sys.executable, "-c", f"import qianxian.config.home\n{script}", tmp_path / "theirs"],
        cwd=home.CHECKOUT,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, len(done.stderr.splitlines())) == (2, 2)
    assert "No permission to use" in done.stderr


def test_a_full_disk_says_how_much_to_free():
    trouble = as_trouble(OSError(errno.ENOSPC, "No space left on device"))

    assert "请在" in str(trouble)
    assert "free at least 1 GB" in str(trouble)


def test_an_error_that_nobody_can_mend_is_not_hidden():
    assert as_trouble(OSError(errno.EIO, "Input/output error")) is None
