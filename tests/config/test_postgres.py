import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qianxian.config import postgres
from qianxian.config.home import Home, Trouble
from qianxian.config.postgres import Account, Binaries, at_hand, choose, is_running, may_enter, need_space

FIFTEEN = Binaries(Path("/fifteen"), 15, "debian")
EIGHTEEN = Binaries(Path("/eighteen"), 18, "embedded")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home without a cluster, wherever the tests' own database is."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    home = Home(tmp_path / "home")
    yield home
    postgres.stop(home)
    if home.data.is_symlink():
        shutil.rmtree(home.data.resolve().parent)
    shutil.rmtree(home.socket, ignore_errors=True)


def connect(home: Home) -> psycopg.Connection:
    return psycopg.connect(
        host=str(home.socket), dbname="qianxian", user="qianxian", password=home.key("database"), autocommit=True
    )


def test_a_private_cluster_is_closed_to_the_network_and_gives_its_role_no_special_power(empty: Home):
    with at_hand(empty), connect(empty) as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        owner = connection.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'qianxian'")
        shown = ("listen_addresses", "data_checksums", "password_encryption", "fsync", "synchronous_commit")
        settings = [connection.execute(f"SHOW {name}").fetchone() for name in shown]

        assert role.fetchone() == (False, False, False, False)
        assert owner.fetchone() == ("qianxian",)
        assert settings == [("",), ("on",), ("scram-sha-256",), ("on",), ("on",)]


def test_no_superuser_can_log_in(empty: Home):
    with at_hand(empty), pytest.raises(psycopg.OperationalError, match="no pg_hba"):
        psycopg.connect(host=str(empty.socket), dbname="postgres", user="postgres")


def test_a_wrong_password_is_refused(empty: Home):
    with at_hand(empty), pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=str(empty.socket), dbname="qianxian", user="qianxian", password="guess")


def test_the_last_to_leave_stops_the_cluster_and_what_was_written_stays(empty: Home):
    with at_hand(empty):
        with at_hand(empty), connect(empty) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        assert is_running(empty)
    assert not is_running(empty)

    with at_hand(empty), connect(empty) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)


def test_a_cluster_half_made_is_made_again(empty: Home):
    empty.open()
    (empty.path / "postgres.new").mkdir()
    (empty.path / "postgres.new" / "PG_VERSION").write_text("15")

    with at_hand(empty), connect(empty) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_data_that_is_gone_is_not_replaced_by_an_empty_platform(empty: Home):
    empty.open()
    empty.data.symlink_to(empty.path / "elsewhere")

    with pytest.raises(Trouble, match="is gone: restore it"), at_hand(empty):
        pass
    empty.data.unlink()


def test_a_new_cluster_takes_the_first_programs_and_an_old_one_those_that_made_it(tmp_path: Path):
    assert choose(Home(tmp_path), [EIGHTEEN, FIFTEEN]) == EIGHTEEN

    made_by(tmp_path, 15)
    assert choose(Home(tmp_path), [EIGHTEEN, FIFTEEN]) == FIFTEEN


@pytest.mark.parametrize("version", [14, 17, 19])
def test_a_cluster_of_another_version_is_left_alone(tmp_path: Path, version: int):
    made_by(tmp_path, version)

    with pytest.raises(Trouble) as trouble:
        choose(Home(tmp_path), [EIGHTEEN, FIFTEEN])

    zh, en = str(trouble.value).splitlines()
    assert f"由 PostgreSQL {version} 建立，本机现有版本是 18, 15：请安装 postgresql-{version}" in zh
    assert f"install postgresql-{version}, or name another QIANXIAN_HOME." in en


def test_a_machine_without_programs_is_told_where_they_come_from(tmp_path: Path):
    with pytest.raises(Trouble, match="run `make setup`, install Debian's postgresql, or set DATABASE_URL"):
        choose(Home(tmp_path), [])


def test_a_cluster_is_not_begun_on_a_disk_that_it_would_fill(tmp_path: Path):
    with pytest.raises(Trouble, match="free at least 1 GB"):
        need_space(Home(tmp_path), free=postgres.NEEDED_SPACE - 1)

    need_space(Home(tmp_path), free=postgres.NEEDED_SPACE)


def test_an_account_enters_only_where_every_step_lets_it(tmp_path: Path):
    stranger = Account(user=54321, group=54321)
    inner = tmp_path / "open"
    inner.mkdir(mode=0o755)
    for step in (tmp_path, *tmp_path.parents[:-2]):
        if step.owner() == inner.owner():
            step.chmod(0o755)

    assert may_enter(stranger, inner)
    inner.chmod(0o700)
    assert not may_enter(stranger, inner)


def made_by(home: Path, version: int) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text(f"{version}\n")
