"""The one Linux capability that a server needs: to bypass file permissions, and nothing else of root's power."""

import ctypes

PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Set(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def keep_across_setuid() -> None:
    """Let the next setuid keep the permitted capabilities. Raises OSError."""
    _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)


def only_file_access() -> None:
    """Drop every capability but CAP_DAC_OVERRIDE, and hand that one to the program executed next. Raises OSError."""
    bit = 1 << CAP_DAC_OVERRIDE
    # Version 3 takes 64 bits as two sets of 32. Ambient: without it the capability would not survive exec.
    sets = (_Set * 2)(_Set(bit, bit, bit), _Set(0, 0, 0))
    _call("capset", ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), ctypes.byref(sets))
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), f"{name} refused")
