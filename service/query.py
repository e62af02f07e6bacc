"""Numbers given as query parameters."""

from flask import Request

from service.errors import FieldError

# The largest whole number SQLite knows.
LARGEST = 2**63 - 1


def parse_number(request: Request, name: str, otherwise: int, most: int = LARGEST) -> int:
    """The whole number, 1 to `most`, under a name; `otherwise` where there is none.

    Raises:
        FieldError: something else.
    """
    value = request.args.get(name)
    if value is None:
        return otherwise
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(LARGEST)) and 1 <= int(value) <= most):
        raise FieldError(f"{name} is {value[:60]!r}; it must be a whole number from 1 to {most}.")
    return int(value)
