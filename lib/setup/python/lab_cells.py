"""Cells as `task lab` runs them: one after the other, until one fails or the stop button is pressed.

JupyterLab sends all cells of "Run All" at once and counts on the kernel to drop the rest when one fails, as IPython does.
Deno's kernel does not: the rest would train on. So the server keeps them and sends the next one when one has gone well.
It also shows the end of a cell that was stopped as what it is: a line, not an error.
"""
from collections import deque

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

PROTOCOL = "v1.kernel.websocket.jupyter.org"


class CellConnection(ZMQChannelsWebsocketConnection):
    """What connects a notebook in the browser to its kernel."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.running = None  # id of the request that the kernel has
        self.waiting = deque()  # header and parts of the requests that follow

    def handle_incoming_message(self, incoming_msg):
        if self.subprotocol != PROTOCOL or not self.channels:
            super().handle_incoming_message(incoming_msg)
            return
        channel, parts = deserialize_msg_from_ws_v1(incoming_msg)
        header = self.session.unpack(parts[0])
        if channel != "shell" or header["msg_type"] != "execute_request":
            super().handle_incoming_message(incoming_msg)
        elif self.running is None:
            self._run(header, parts)
        else:
            self.waiting.append((header, parts))

    def _run(self, header, parts):
        self.running = header["msg_id"]
        self.session.send_raw(self.channels["shell"], parts)

    def handle_outgoing_message(self, stream, outgoing_msg):
        _, parts = self.session.feed_identities(outgoing_msg)
        header, parent, _, content = parts[1:5]
        kind = self.session.unpack(header)["msg_type"]
        if kind == "error":
            outgoing_msg = self._said_plainly(outgoing_msg, self.session.unpack(parent), self.session.unpack(content))
        super().handle_outgoing_message(stream, outgoing_msg)
        if kind == "execute_reply" and self.session.unpack(parent).get("msg_id") == self.running:
            self.running = None
            if self.session.unpack(content)["status"] != "ok":
                self.drop()
            elif self.waiting:
                self._run(*self.waiting.popleft())

    def _said_plainly(self, message, parent, error):
        if error["ename"] != "StoppedError":
            return message
        content = {"name": "stdout", "text": f"{error['evalue']}\n"}
        return self.session.serialize(self.session.msg("stream", content, parent=parent))

    def drop(self):
        """Tells the browser that the cells which wait will not run."""
        while self.waiting:
            header, _ = self.waiting.popleft()
            for channel, kind, content in (
                ("shell", "execute_reply", {"status": "aborted"}),
                ("iopub", "status", {"execution_state": "idle"}),
            ):
                answer = self.session.msg(kind, content, parent=header)
                self.write_message(serialize_msg_to_ws_v1(answer, channel, self.session.pack), binary=True)

    def disconnect(self):
        # A closed browser ends no work: the kernel gets all that waits.
        while self.waiting and self.channels:
            self._run(*self.waiting.popleft())
        super().disconnect()

    def forget(self):
        """The kernel is another one: it will answer nothing that was asked before."""
        self.running = None
        self.drop()

    def on_kernel_restarted(self):
        self.forget()
        super().on_kernel_restarted()


class Kernels(AsyncMappingKernelManager):
    """The server's kernels."""

    async def interrupt_kernel(self, kernel_id, *args, **kwargs):
        connections = connections_to(kernel_id)
        for connection in connections:
            connection.drop()
        # What is idle has nothing to stop, and would stop the next cell at its beginning.
        if self.get_kernel(kernel_id).execution_state != "idle" or any(one.running for one in connections):
            await super().interrupt_kernel(kernel_id, *args, **kwargs)

    async def restart_kernel(self, kernel_id, *args, **kwargs):
        for connection in connections_to(kernel_id):
            connection.forget()
        return await super().restart_kernel(kernel_id, *args, **kwargs)

    async def shutdown_kernel(self, kernel_id, *args, **kwargs):
        for connection in connections_to(kernel_id):
            connection.forget()
        return await super().shutdown_kernel(kernel_id, *args, **kwargs)


def connections_to(kernel_id):
    return [one for one in CellConnection._open_sockets if one.kernel_id == kernel_id]
