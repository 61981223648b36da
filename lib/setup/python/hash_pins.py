"""Writes the SHA-256 of every wheel that set-up may install behind its pin, from PyPI's index.

    python lib/setup/python/hash_pins.py requirements.txt…

A pin is a line `name==version`; hashes that were there before are replaced. Wheels are those of Linux on x86-64 with glibc,
for Python 3.10 to 3.13.
"""

import json
import re
import sys
import urllib.request

PYTHONS = {"py3", "py2.py3", *(f"cp3{minor}" for minor in range(10, 14))}


def fits(file: str) -> bool:
    """Whether set-up could install a file of the index."""
    if not file.endswith(".whl"):
        return False
    python, abi, platform = file[:-4].split("-")[-3:]
    stable = abi == "abi3" and re.fullmatch(r"cp3\d+", python) and int(python[3:]) <= 13
    if not (stable or PYTHONS & {python, *python.split(".")}):
        return False
    return platform == "any" or bool(re.search(r"manylinux.*x86_64|^linux_x86_64", platform))


def hashes(pin: str) -> list[str]:
    """Of all wheels that fit a pin, in order."""
    name, version = pin.split(";")[0].strip().split("==")
    asked = urllib.request.Request(
        f"https://pypi.org/simple/{name}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        files = json.load(answer)["files"]
    own = [file for file in files if file["filename"].split("-")[1] == version]
    found = sorted(file["hashes"]["sha256"] for file in own if fits(file["filename"]))
    if not found:
        raise SystemExit(f"Cannot hash {pin}: the index has no wheel of it for this platform")
    return found


for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    written = []
    for line in lines:
        if line.startswith("#") or not line.strip():
            written.append(line)
        elif "==" in line:
            pin = line.removesuffix("\\").strip()
            written.append(" \\\n".join([pin, *(f"    --hash=sha256:{digest}" for digest in hashes(pin))]))
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(written) + "\n")
