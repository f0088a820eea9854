"""client.py RATE REQUEST ADDRESS:PORT...: connections of about 2 ms, each to the next target, closed by this side."""
import socket
import sys
import time

rate, request, targets = float(sys.argv[1]), sys.argv[2].encode(), sys.argv[3:]
opened = 0
due = time.monotonic()
while True:
    host, port = targets[opened % len(targets)].split(':')
    opened += 1
    try:
        connection = socket.create_connection((host, int(port)), 5)
        connection.sendall(request)
        connection.recv(100)
        time.sleep(0.002)
        connection.close()
    except OSError:
        pass
    due = max(due + 1 / rate, time.monotonic() - 0.05)
    time.sleep(max(0, due - time.monotonic()))
