"""Find Chromium for the browser tests, or install Debian's where that is allowed.

Always ends well: where there is no Chromium the browser tests are skipped, and this
says so, and why.
"""

import shutil
import subprocess

from checks.debian import install

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Fonts are only recommended by the package, and a page without them cannot be read.
PACKAGES = ("chromium", "fonts-liberation")


def version() -> str | None:
    """Give what the first working Chromium on the path says it is."""
    for name in NAMES:
        if shutil.which(name) is None:
            continue
        answer = subprocess.run([name, "--version"], capture_output=True, text=True, check=False)
        if answer.returncode == 0 and answer.stdout.strip():
            return answer.stdout.strip()
    return None


def main() -> None:
    """Say which Chromium there is, or what is skipped without one."""
    found = version()
    if found is None:
        print("Chromium is not here; installing Debian's …", flush=True)
        reason = install(PACKAGES)
        found = version()
        if found is None:
            reason = reason or "the installed package does not start"
            print(f"Chromium could not be installed ({reason}).")
            print("Skipped because of that: every test marked 'browser' (tests/browser).")
            return
    print(f"Browser tests use {found}.")


if __name__ == "__main__":
    main()
