"""Find Chromium for the browser tests, or install Debian's where that is allowed.

Always ends well: where there is no Chromium the browser tests are skipped, and this
says so, and why.
"""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Fonts are only recommended by the package, and a page without them cannot be read.
PACKAGES = ("chromium", "fonts-liberation")
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES)


def version() -> str | None:
    """Give what the first working Chromium on the path says it is."""
    for name in NAMES:
        if shutil.which(name) is None:
            continue
        answer = subprocess.run([name, "--version"], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout.strip()
    return None


def install() -> str | None:
    """Install Debian's package; give the reason where that did not work."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get here"
    if os.geteuid() != 0:
        return "apt-get needs root; run: sudo " + " ".join(INSTALL)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # A foreign package source that does not answer must not stop us: only the second one counts.
    for command in (("apt-get", "update"), INSTALL):
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
    if result.returncode == 0:
        return None
    lines = (result.stderr or result.stdout).strip().splitlines()
    return f"{' '.join(INSTALL)}: {lines[-1] if lines else 'failed'}"


def main() -> None:
    """Say which Chromium there is, or what is skipped without one."""
    found = version()
    if found is None:
        print("Chromium is not here; installing Debian's …", flush=True)
        reason = install()
        found = version()
        if found is None:
            reason = reason or "the installed package does not start"
            print(f"Chromium could not be installed ({reason}).")
            print("Skipped because of that: every test marked 'browser' (tests/browser).")
            return
    print(f"Browser tests use {found}.")


if __name__ == "__main__":
    main()
