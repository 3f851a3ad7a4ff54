"""The ``verify`` section of the configuration."""

from __future__ import annotations

from transforms.detect.engine import Certain
from transforms.detect.lists import RECOGNISER as DENIED
from transforms.detect.spans import Span
from transforms.fields import EntityType, Settings
from transforms.verify.risk.settings import RiskSettings


class VerifySettings(Settings):
    """The last look at what is about to be published."""

    entities: tuple[EntityType, ...] = (
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
        "UK_NHS",
        "US_SSN",
        "CREDIT_CARD",
        "IBAN_CODE",
        "MEDICAL_RECORD_NUMBER",
        "DE_KVNR",
        "INSURANCE_ID",
        "ES_NIF",
    )
    """Entities of which none may be left in a published text or attribute."""
    score: float = 0.75
    """A span of these entities counts from this score on."""
    risk: RiskSettings = RiskSettings()
    """How re-identifiable the records may be by what they tell of people."""

    def counts(self, span: Span) -> bool:
        """Whether a span may not be left: nor may a term that is always replaced."""
        return span.recogniser == DENIED or (
            span.entity in self.entities and span.score >= self.score
        )

    @property
    def certain(self) -> Certain:
        """What a detector must be able to find."""
        return Certain(frozenset(self.entities), self.score)
