"""Which processes count as alive."""

import subprocess
import sys

import psutil

from devstack import processes

# The first thread ends, another goes on: so a server looks for a moment after it was killed.
_HALF_DEAD = """
import ctypes, sys, threading
threading.Thread(target=sys.stdin.read).start()
print("ready", flush=True)
ctypes.CDLL(None).pthread_exit(None)
"""


def test_a_process_lives_until_its_last_thread_has_ended() -> None:
    command = [sys.executable, "-c", _HALF_DEAD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        process = psutil.Process(child.pid)
        while process.status() != psutil.STATUS_ZOMBIE:
            pass

        assert processes.is_alive(process)

        process.kill()
        assert processes.ended(process, seconds=5)
