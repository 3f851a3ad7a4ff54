"""Names under which people are found in social networks and messengers."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._words import is_stop_word

_NETWORK = (
    r"(?:skype|instagram|insta|twitter|facebook|fb|snap(?:chat)?|tik[ ]?tok|telegram|whats[ ]?app|"
    r"linked[ ]?in|reddit|discord|signal|wechat|viber|zoom|teams|facetime|messenger|youtube|x)"
)
_KIND = (
    r"(?:user[ ]?names?|user[ ]?id|handle|login|screen[ ]?name|account(?:[ ]name)?|profile|"
    r"benutzername|nutzername|nombre[ ]de[ ]usuario|usuario|name|id)"
)
_HANDLE = r"[A-Z0-9][\w.-]{1,29}(?<![.-])"


class UserHandle(GroupRecogniser):
    """USER_HANDLE: "@jane.roe", "skype: jane.roe82", "my Instagram is jane_roe"."""

    ENTITY = "USER_HANDLE"
    PATTERNS = (
        Pattern(
            "at sign",
            rf"(?<![\w@./+-])(?P<id>@(?!\d+(?:mg|ml|am|pm)?\b){_HANDLE})(?![@\w]|\.\w)",
            0.7,
        ),
        Pattern(
            "network",
            rf"\b{_NETWORK}(?:[ ]{_KIND})?[ ]?(?::|=|[ ]-[ ]|[ ](?:is|ist|es)[ ]:?)[ ]?@?"
            rf"(?P<id>(?=[A-Z.-]*[\d_.]){_HANDLE})(?![@\w]|\.\w)",
            0.8,
        ),
        Pattern(
            "network and name",
            rf"\b{_NETWORK}[ ]{_KIND}[ ]?(?::|=|[ ](?:is|ist|es)[ ]:?|"
            rf"[ ])[ ]?@?(?P<id>{_HANDLE})(?![@\w])",
            0.7,
        ),
        Pattern(
            "user name",
            r"\b(?:user[ ]?name|user[ ]?id|screen[ ]?name|login|handle|benutzername|nutzername|"
            rf"nombre[ ]de[ ]usuario|usuario)[ ]?(?::|=|[ ](?:is|ist|"
            rf"es)[ ]:?)[ ]?@?(?P<id>{_HANDLE})(?![@\w])",
            0.75,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        name = pattern_text.removeprefix("@")
        return is_stop_word(name) or len(name) < 3
