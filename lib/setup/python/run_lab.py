"""Starts JupyterLab for `task lab`.

    python run_lab.py '{"shown": {"results": "/project/results", …}, "changeable": ["/project/…"]}' [option of jupyter lab …]

The working directory is the workspace, the folder that JupyterLab shows. `shown` are other files and folders to be seen in
it, by their place there; of these only what lies in `changeable` can be changed.
"""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # an isolated Python does not do it


def main():
    from jupyterlab.labapp import main as lab
    from lab_files import WorkspaceFiles, show

    task = json.loads(sys.argv.pop(1))
    for place, target in task["shown"].items():
        show(place, target)
    WorkspaceFiles.changeable = task["changeable"]
    sys.argv[0] = "jupyter lab"
    return lab()


if __name__ == "__main__":
    sys.exit(main())
