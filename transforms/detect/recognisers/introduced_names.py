"""Names by which people greet, introduce and sign themselves."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._names import (
    ANY_CASE_NAME,
    NAME,
    NAME_OR_CAPITALS,
    TITLES,
    NameRecogniser,
)

_GREETING = (
    r"(?:hi(?:ya)?|hello|hey|dear|good[ ](?:morning|afternoon|evening|day)|morning|afternoon|"
    r"welcome(?:[ ]back)?|thanks|thank[ ]you|cheers|bye|goodbye|okay|all[ ]right|alright|"
    r"hola|buenos[ ]d[ií]as|buenas[ ](?:tardes|noches)|gracias|adi[oó]s|querid[oa]|estimad[oa]|"
    r"hallo|guten[ ](?:tag|morgen|abend)|lieber?|danke|tschüss)"
)
_CLOSING = (
    r"(?:regards|wishes|sincerely|faithfully|truly|thanks|cheers|thank[ ]you|love|gr[uü](?:ß|"
    r"ss)en?|"
    r"atentamente|cordialmente|saludos?(?:[ ]cordial(?:es)?)?)"
)
_ROLE_BY = (
    r"(?:(?:electronically[ ])?(?:signed|dictated|authored|transcribed|typed|verified|written|"
    r"completed|documented|recorded)[ ]by|firmado[ ]por|unterzeichnet[ ]von|gez\.)"
)


class IntroducedName(NameRecogniser):
    """PERSON by greeting ("Hi Martha,"), self-introduction ("my name is ...") and sign-off."""

    PATTERNS = (
        Pattern("greeting", rf"\b{_GREETING}(?:[ ]again)?,?[ ]{TITLES}(?P<id>{NAME})", 0.7),
        # What follows these words is a name, so its case does not matter.
        Pattern(
            "name is",
            rf"\b(?:name(?:[ ]is|['’]s)|(?:ich|er|sie)[ ]hei(?:ß|ss)[et]|name[ ]ist|"
            rf"(?:me|se)[ ]llam[oa]|nombre[ ]es)[ :,]{{1,2}}(?:(?:also|um|uh|er)[, ]{{1,2}})?"
            rf"{TITLES}(?P<id>{ANY_CASE_NAME})",
            0.75,
        ),
        Pattern(
            "introduction",
            rf"\b(?:I['’]m|I[ ]am|calls?[ ](?:me|him|her)|"
            rf"(?:speaking|talking|speak|talk|spoke|spoken|talked)[ ](?:to|with)|this[ ]is|"
            rf"(?:is|was)[ ](?:that|this)|ich[ ]bin|hier[ ]ist|"
            rf"spreche[ ]ich[ ]mit|soy|le[ ]habla|hablo[ ]con)"
            rf"[ ]{TITLES}(?P<id>{NAME})(?![ ]?[%/])",
            0.6,
        ),
        # "It's Joe Bloggs" names a person; "it's Ventolin" does not.
        Pattern("it's", rf"\b(?:it|that)['’]s[ ]{TITLES}(?P<id>{NAME}[ ]{NAME})", 0.6),
        Pattern(
            "speaking",
            rf"\b(?:this[ ]is|it['’]s|you['’]re|here)[ ](?P<id>{ANY_CASE_NAME})[ ]"
            rf"(?:speaking|calling)\b",
            0.8,
        ),
        Pattern(
            "sign-off",
            rf"\b{_CLOSING}[,.!]?[ \t]*\n\s{{0,4}}{TITLES}(?P<id>{NAME})[ \t]*(?:$|,)",
            0.8,
        ),
        Pattern("signed", rf"\b{_ROLE_BY}[ :]{{1,3}}{TITLES}(?P<id>{NAME_OR_CAPITALS})", 0.8),
    )
