"""What the doors refuse, beyond what the model itself does.

PagesieveError
├── SettingError              a setting that can't be used
├── UnauthorizedError         writing without the token that is set
├── ForbiddenError            writing where nobody, or not this one, may
└── InputError
    ├── UnreadableError       a body that broke off or was sent wrongly
    ├── MalformedError        a body that is not the JSON it says it is
    ├── FieldError            JSON of the right form whose values can't be used
    │   ├── NoPageError       neither text nor html, or both
    │   └── KeepError         keep names no label, or something that is none
    ├── MediaTypeError        a body of a type or encoding no door takes
    └── NotAcceptableError    no form of answer the client accepts
"""

from model.errors import InputError, PagesieveError


class SettingError(PagesieveError):
    """A setting can't be used."""


class UnauthorizedError(PagesieveError):
    """The token that writing needs was not sent, or another one."""


class ForbiddenError(PagesieveError):
    """Nobody may write, or not the one who asks."""


class UnreadableError(InputError):
    """A request's body broke off or was sent wrongly."""


class MalformedError(InputError):
    """A body is not the JSON object it says it is."""


class FieldError(InputError):
    """A field or parameter has a value that can't be used."""


class NoPageError(FieldError):
    """JSON that holds neither text nor html, or both."""


class KeepError(FieldError):
    """keep names no label, or something that is none."""


class MediaTypeError(InputError):
    """A body of a type or encoding that no door takes."""


class NotAcceptableError(InputError):
    """No form of answer fits what the client accepts."""
