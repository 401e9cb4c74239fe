"""Fifty clients that ask for long lists and read them slowly, and what they cost in memory."""

import selectors
import socket
import time


def highest_memory(server, path, clients=50, seconds=6.0, bytes_per_read=4096, pause=0.05):
    """The server's highest resident memory, in MB, while `clients` read `path` over and over, slowly.

    Each asks on one connection, again as soon as it has sent off, and reads `bytes_per_read` every
    `pause` seconds into a small socket buffer: a list of 1000 flights takes each of them some seconds.
    """
    headers = {"Host": "127.0.0.1", **server.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {server.base}{path} HTTP/1.1\r\n{head}\r\n".encode()
    selector = selectors.DefaultSelector()
    open_sockets, received, closed = [], 0, 0
    try:
        for _ in range(clients):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(request * 3)  # pipelined: the next answer waits behind this one
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ)
            open_sockets.append(connection)
        highest, deadline = 0.0, time.monotonic() + seconds
        while time.monotonic() < deadline:
            for key, _ in selector.select(timeout=0):
                try:
                    data = key.fileobj.recv(bytes_per_read)
                except OSError:
                    data = b""
                received += len(data)
                if not data:
                    closed += 1
                    selector.unregister(key.fileobj)
            highest = max(highest, server.resident_mb()[0])
            time.sleep(pause)
    finally:
        for connection in open_sockets:
            connection.close()
        selector.close()
    if received == 0 or closed == clients:
        raise RuntimeError("the slow clients were not served")
    return highest
