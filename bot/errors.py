"""The errors a user of Xiaoer can cause: each says what was expected, what came, and what to do."""

from __future__ import annotations

import errno

_SYSTEM = {
    errno.ENOSPC: "磁盘满了,腾出空间再试",
    errno.EROFS: "所在的磁盘是只读的",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或目录",
    errno.EISDIR: "是目录,不是文件",
    errno.ENOTDIR: "上级不是目录",
    errno.EEXIST: "已经有同名的文件",
}


class XiaoerError(Exception):
    """Base of all our errors; `str()` is one line fit for a person, and the command line exits with 2."""


class BadInput(XiaoerError):
    """Something a user gave is not usable: a file, a field, an option."""


class NotConfigured(XiaoerError):
    """A setting is missing, unknown or out of its range."""


class ShopDown(XiaoerError):
    """The shop's system did not answer, or answered nonsense; nothing was done."""


class ModelMissing(XiaoerError):
    """There is no trained model that fits this code."""


def told(problem: OSError) -> str:
    """What the system refused, in words for an owner."""
    words = _SYSTEM.get(problem.errno or 0) or problem.strerror or str(problem)
    return f"{problem.filename}:{words}" if problem.filename else words


def first(problem: BaseException) -> BaseException:
    """What a library's error began with: the first of those that were raised from one another."""
    return problem if problem.__cause__ is None else first(problem.__cause__)
