"""Run Python programs for the tests, each in a fork of this process, which has imported h5py already: that saves 0.2 s each.

usage: server.py SOCKET

Every connection brings one line of JSON, {"program": path or null, "source": text or null, "args", "input", "cwd"}, and gets
{"code", "signal", "stdout", "stderr"}. The server ends when its standard input closes.
"""
import json
import os
import selectors
import signal
import socket
import sys
import tempfile

import h5py  # noqa: F401
import numpy  # noqa: F401

LIMIT_S = 100


def run(request):
    """Be the program: what follows in this process is as in one that `python3` has started."""
    signal.alarm(LIMIT_S)
    os.chdir(request["cwd"])
    path = request["program"]
    sys.argv = [path or "-c", *request["args"]]
    sys.path[0] = os.path.dirname(path) if path else ""
    main = sys.modules["__main__"].__dict__
    source = open(path).read() if path else request["source"]
    for name in [name for name in main if not name.startswith("__")]:
        del main[name]
    main["__file__" if path else "__doc__"] = path
    exec(compile(source, path or "<string>", "exec"), main)


def serve(connection):
    """Answer one request. Return the request in the process that is to run it, and None in the one that has answered."""
    request = json.loads(connection.makefile().readline())
    streams = [tempfile.TemporaryFile() for _ in range(3)]
    streams[0].write(request["input"].encode())
    streams[0].seek(0)
    pid = os.fork()
    if pid == 0:
        for number, stream in enumerate(streams):
            os.dup2(stream.fileno(), number)
        return request
    status = os.waitpid(pid, 0)[1]
    for stream in streams:
        stream.seek(0)
    _, stdout, stderr = (stream.read().decode(errors="replace") for stream in streams)
    code = None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    killed = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else None
    connection.sendall(json.dumps({"code": code, "signal": killed, "stdout": stdout, "stderr": stderr}).encode())
    return None


def listen(path):
    """Fork for every connection. Return what serve() returns, in the processes that this makes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(64)
    print("ready", flush=True)
    selector = selectors.DefaultSelector()
    selector.register(server, selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    while True:
        if any(key.fileobj is sys.stdin for key, _ in selector.select()):
            return None
        connection, _ = server.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            selector.close()
            server.close()
            return serve(connection)
        connection.close()


asked = listen(sys.argv[1])
if asked is not None:
    run(asked)
