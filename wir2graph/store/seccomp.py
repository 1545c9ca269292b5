"""Takes the network and other programs away from this process, for good (Linux seccomp, without privilege).

What a query cannot have even if it broke the engine: sockets, connections, another program, another process's memory.
Files stay open to it for reading, because the store opens its own as it needs them.
"""

from __future__ import annotations

import ctypes
import errno
import platform
from typing import Final

# linux/prctl.h, linux/seccomp.h, linux/bpf_common.h
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_FILTER_MODE: Final = 2
_LOAD: Final = 0x20
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | errno.EACCES
_NUMBER_AT: Final = 0  # struct seccomp_data
_ARCHITECTURE_AT: Final = 4
# Another way into the same kernel (x32, io_uring) is shut, too. The numbers are those of linux/audit.h and of the calls
# socket, connect, socketpair, bind, fork, vfork, execve, ptrace, execveat, io_uring_setup, io_uring_enter, -register.
_X32: Final = 0x40000000
_CALLS: Final = {
    "x86_64": (0xC000003E, (41, 42, 53, 49, 57, 58, 59, 101, 322, 425, 426, 427)),
    "aarch64": (0xC00000B7, (198, 203, 199, 200, 221, 117, 281, 425, 426, 427)),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def shut_off() -> bool:
    """Take network and programs away from this process; tell whether the system could do it."""
    if platform.machine() not in _CALLS:
        return False
    architecture, refused = _CALLS[platform.machine()]
    code = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, len(refused) + 1, 0, _X32),
        *((_IF_EQUAL, len(refused) - place, 0, number) for place, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    instructions = (_Instruction * len(code))(*(_Instruction(*each) for each in code))
    program = _Program(len(code), instructions)
    system = ctypes.CDLL(None)
    if system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(system.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0) == 0)
