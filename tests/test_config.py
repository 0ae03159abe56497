"""Settings: what cannot be read stops the start with one clear line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal import config

SECRET = "long enough to be a secret for the tests"


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORTAL_ENV", "prod", "must be one of development, production, not 'prod'"),
        ("PORTAL_BASE_URL", "example.org", "must be an address beginning with http:// or https://"),
        ("PORTAL_DATABASE_URL", "mysql://x", "must be an address beginning with sqlite://"),
        ("PORTAL_REDIS_URL", "localhost:6379", "must be an address beginning with redis://"),
        ("PORTAL_TRUSTED_PROXIES", "-1", "must be a whole number, not '-1'"),
        ("PORTAL_LOG_LEVEL", "loud", "must be one of debug, info, warning, error, not 'loud'"),
        ("PORTAL_PAGE_CACHE", "yes", "must be on or off, not 'yes'"),
        ("PORTAL_OUTGOING_ALLOW", "127.0.0.2", "must be address:port pairs parted by commas, not '127.0.0.2'"),
        ("PORTAL_SECRET_KEY", "short", "must be set to a secret of 32 characters or more"),
        ("PORTAL_MAX_UPLOAD_MB", "15", "must be from 1 to 14, not '15'"),
        ("PORTAL_MAIL_FROM", "editor", "must be one e-mail address, not 'editor'"),
        ("PORTAL_OIDC_ISSUER", "id.example.org", "must be an address beginning with http:// or https://"),
    ],
)
def test_a_bad_value_ends_the_start_and_says_why(tmp_path: Path, name: str, value: str, why: str) -> None:
    with pytest.raises(config.BadSetting) as stopped:
        config.load({"PORTAL_INSTANCE": tmp_path, name: value})
    assert str(stopped.value).startswith(f"{name}: {why}")


PROVIDER = {
    "PORTAL_OIDC_ISSUER": "https://id.example.org",
    "PORTAL_OIDC_CLIENT_ID": "portal",
    "PORTAL_OIDC_CLIENT_SECRET": "a secret",
    "PORTAL_OIDC_NAME": "Work ID",
}


@pytest.mark.parametrize("missing", PROVIDER)
def test_a_provider_is_set_up_whole_or_not_at_all(tmp_path: Path, missing: str) -> None:
    config.load({"PORTAL_INSTANCE": tmp_path, **PROVIDER})
    with pytest.raises(config.BadSetting, match=f"{missing}: must be set as well"):
        config.load({"PORTAL_INSTANCE": tmp_path, **PROVIDER, missing: ""})


def test_a_provider_without_tls_must_be_this_machine(tmp_path: Path) -> None:
    config.load({"PORTAL_INSTANCE": tmp_path, **PROVIDER, "PORTAL_OIDC_ISSUER": "http://127.0.0.1:9000"})
    with pytest.raises(config.BadSetting, match="https://"):
        config.load({"PORTAL_INSTANCE": tmp_path, **PROVIDER, "PORTAL_OIDC_ISSUER": "http://id.example.org"})


def test_production_does_not_start_without_a_secret(tmp_path: Path) -> None:
    with pytest.raises(config.BadSetting, match="PORTAL_SECRET_KEY"):
        config.load({"PORTAL_INSTANCE": tmp_path, "PORTAL_ENV": "production", "PORTAL_SECRET_KEY": ""})


def test_production_reaches_no_address_that_is_not_public(tmp_path: Path) -> None:
    with pytest.raises(config.BadSetting, match="PORTAL_OUTGOING_ALLOW"):
        config.load(
            {
                "PORTAL_INSTANCE": tmp_path,
                "PORTAL_ENV": "production",
                "PORTAL_SECRET_KEY": SECRET,
                "PORTAL_OUTGOING_ALLOW": "127.0.0.2:8081",
            }
        )


def test_a_development_machine_keeps_a_secret_of_its_own(tmp_path: Path) -> None:
    first = config.load({"PORTAL_INSTANCE": tmp_path})["PORTAL_SECRET_KEY"]
    assert len(first) >= config.MIN_SECRET
    assert config.load({"PORTAL_INSTANCE": tmp_path})["PORTAL_SECRET_KEY"] == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_the_instance_file_is_read_and_the_environment_comes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.py").write_text("PORTAL_LOG_LEVEL = 'error'\nPORTAL_PAGE_CACHE = 'off'\n", encoding="utf-8")
    monkeypatch.setenv("PORTAL_LOG_LEVEL", "debug")
    read = config.load({"PORTAL_INSTANCE": tmp_path})
    assert (read["PORTAL_LOG_LEVEL"], read["PORTAL_PAGE_CACHE"]) == ("debug", False)


def test_a_broken_instance_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("PORTAL_LOG_LEVEL = \n", encoding="utf-8")
    with pytest.raises(config.BadSetting, match=r"config\.py: cannot be read"):
        config.load({"PORTAL_INSTANCE": tmp_path})


def test_a_plain_postgresql_address_uses_our_driver(tmp_path: Path) -> None:
    read = config.load({"PORTAL_INSTANCE": tmp_path, "PORTAL_DATABASE_URL": "postgresql://u@h/d"})
    assert read["PORTAL_DATABASE_URL"] == "postgresql+psycopg://u@h/d"


def test_the_operator_sees_one_line_and_no_stack_trace(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=config.ROOT,
        env={**os.environ, "PORTAL_INSTANCE": str(tmp_path), "PORTAL_ENV": "staging"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert done.stderr.strip() == "PORTAL_ENV: must be one of development, production, not 'staging'"
