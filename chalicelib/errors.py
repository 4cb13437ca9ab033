"""The three ways in which the desk says no. Each carries a sentence that a person can act on."""


class DeskError(Exception):
    """What the desk answers instead of a result: `code` for programs, `message` for people, `details` beside them."""

    code = "error"

    def __init__(self, message: str, code: str | None = None, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.details = details


class NotFound(DeskError):
    """There is no such thing, or knowing that it exists is already too much."""

    code = "not_found"


class Refused(DeskError):
    """The desk will not do this. Codes with a status of their own (see doors.py): `malformed`, `not_signed_in`,
    `not_allowed`, `too_large`, `too_many`; any other is 422."""

    code = "refused"


class Conflict(DeskError):
    """Somebody was faster. `reason`: `locked`, `lock_lost`, `newer_article` or `changed`; `ticket` is the present one."""

    code = "conflict"

    def __init__(self, message: str, reason: str, **details: object) -> None:
        super().__init__(message)
        self.details = {"reason": reason, **details}
        self.reason = reason
