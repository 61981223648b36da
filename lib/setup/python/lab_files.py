"""Files as `task lab` shows them: what lies outside of its folder can be looked at and run, but not changed.

JupyterLab saves by itself whatever notebook is open. It does not where a file is said not to be writable.
"""
import os

from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError


def show(place, target):
    """Shows a file or folder in the working directory, by a link."""
    os.makedirs(os.path.dirname(place) or ".", exist_ok=True)
    if os.path.islink(place):
        os.remove(place)  # it may lead to where something was before
    if not os.path.lexists(place):
        os.symlink(target, place)


class WorkspaceFiles(AsyncLargeFileManager):
    """The server's folder and, by links, what is shown there of others."""

    changeable = ()  # folders that may be changed though they lie elsewhere

    def _may_change(self, path):
        where = self._get_os_path(path)
        if os.path.islink(where):
            return False  # a link is the project's
        real = os.path.realpath(where)
        return any(real.startswith(f"{os.path.realpath(folder)}/") for folder in [self.root_dir, *self.changeable])

    def _must_change(self, path):
        if not self._may_change(path):
            reason = "it is only shown here; File > Save Notebook As… makes a copy of yours"
            raise HTTPError(403, f"Cannot change {path}: {reason}")

    def _base_model(self, path):
        model = super()._base_model(path)
        # A folder is writable where a file may be added to it.
        asked = f"{path}/new" if os.path.isdir(self._get_os_path(path)) else path
        model["writable"] = model["writable"] and self._may_change(asked)
        return model

    async def save(self, model, path=""):
        self._must_change(path)
        return await super().save(model, path)

    async def delete_file(self, path):
        self._must_change(path)
        return await super().delete_file(path)

    async def rename_file(self, old_path, new_path):
        self._must_change(old_path)
        self._must_change(new_path)
        return await super().rename_file(old_path, new_path)

    async def create_checkpoint(self, path):
        self._must_change(path)
        return await super().create_checkpoint(path)

    async def restore_checkpoint(self, checkpoint_id, path):
        self._must_change(path)
        return await super().restore_checkpoint(checkpoint_id, path)
