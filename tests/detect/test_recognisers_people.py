"""Names by title, introduction, relation and label; user handles."""

from __future__ import annotations

import pytest

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers.handles import UserHandle
from transforms.detect.recognisers.introduced_names import IntroducedName
from transforms.detect.recognisers.labelled_names import LabelledName
from transforms.detect.recognisers.relatives import RelativeName
from transforms.detect.recognisers.titled_names import TitledName

FOUND: list[tuple[type[GroupRecogniser], str, str]] = [
    (TitledName, "I saw Dr Foster on Monday", "Foster"),
    (TitledName, "Dr. Žofia Müller-Łęska called", "Žofia Müller-Łęska"),
    (TitledName, "Mrs O'Neill is here", "O'Neill"),
    (TitledName, "Miss McAllister, 54", "McAllister"),
    (TitledName, "Prof. J. R. van der Berg", "J. R. van der Berg"),
    (TitledName, "Doctor Patel How are you", "Patel"),
    (TitledName, "Mr White and Mrs Black", "White"),
    (TitledName, "spoke to MR JOHN SMITH today", "JOHN SMITH"),
    (TitledName, "Sister Mary Okafor", "Mary Okafor"),
    (TitledName, "Frau Dr. von der Leyen kommt", "von der Leyen"),
    (TitledName, "Herr Groß", "Groß"),
    (TitledName, "la Sra. Núñez de Arce", "Núñez de Arce"),
    (TitledName, "Atendido por D. Juan Pérez Gil", "Juan Pérez Gil"),
    (TitledName, "Mr Patel's results", "Patel"),
    (TitledName, "hello is that mrs patel", "patel"),
    (IntroducedName, "Hi Martha, how are you?", "Martha"),
    (IntroducedName, "Dear John", "John"),
    (IntroducedName, "Hello, is that Priya?", "Priya"),
    (IntroducedName, "I'm Sarah White from Leeds", "Sarah White"),
    (IntroducedName, "my name is anne marie jones and i have a cough", "anne marie jones"),
    (IntroducedName, "um, my name's, uh Tom Hardy", "Tom Hardy"),
    (IntroducedName, "this is tom speaking", "tom"),
    (IntroducedName, "Am I speaking to Priya Shah?", "Priya Shah"),
    (IntroducedName, "Thanks, Sarah", "Sarah"),
    (IntroducedName, "Uh, it's Joe Bloggs.", "Joe Bloggs"),
    (IntroducedName, "Kind regards,\nTom Hardy\nReception", "Tom Hardy"),
    (IntroducedName, "Electronically signed by Dr Ada Obi", "Ada Obi"),
    (IntroducedName, "Guten Tag, mein Name ist Jürgen Groß", "Jürgen Groß"),
    (IntroducedName, "Mit freundlichen Grüßen\nAnna Weiß", "Anna Weiß"),
    (IntroducedName, "Buenos días, me llamo Lucía Fernández", "Lucía Fernández"),
    (IntroducedName, "Hola Carmen, ¿qué tal?", "Carmen"),
    (RelativeName, "my husband Mark drove", "Mark"),
    (RelativeName, "her daughter, Aisha, said", "Aisha"),
    (RelativeName, "his mum Joan", "Joan"),
    (RelativeName, "my 3-year-old son (Leo)", "Leo"),
    (RelativeName, "my sister-in-law is called Beth", "Beth"),
    (IntroducedName, "my wife's name is sarah", "sarah"),
    (RelativeName, "meine Tochter Anna hustet", "Anna"),
    (RelativeName, "Ihr Mann, Karl-Heinz,", "Karl-Heinz"),
    (RelativeName, "mi hija Carmen", "Carmen"),
    (RelativeName, "su marido, José Luis, trabaja", "José Luis"),
    (LabelledName, "Patient: Jane Roe\nDOB: 1.2.1970", "Jane Roe"),
    (LabelledName, "Patient: Jane Roe (DOB 1.2.1970)", "Jane Roe"),
    (LabelledName, "Name: JANE ROE", "JANE ROE"),
    (LabelledName, "Name: roe, jane\n", "roe, jane"),
    (LabelledName, "GP: Dr Asha Patel, The Surgery", "Asha Patel"),
    (LabelledName, "Next of kin: Tom", "Tom"),
    (LabelledName, "Referred by Ada Obi for review", "Ada Obi"),
    (LabelledName, "c/o Mary Poppins", "Mary Poppins"),
    (LabelledName, "Nachname: Weiß", "Weiß"),
    (LabelledName, "Apellidos: De Miguel Rivera.\n", "De Miguel Rivera"),
    (LabelledName, "Médico: Estefanía Romero Selas NºCol: 28", "Estefanía Romero Selas"),
    (UserHandle, "find me, @jane_roe, there", "@jane_roe"),
    (UserHandle, "skype: jane.roe82", "jane.roe82"),
    (UserHandle, "my Instagram is jane_r", "jane_r"),
    (UserHandle, "WhatsApp name Janey99", "Janey99"),
    (UserHandle, "Benutzername: kheinz", "kheinz"),
]


@pytest.mark.parametrize(("recogniser", "text", "expected"), FOUND)
def test_found(recogniser: type[GroupRecogniser], text: str, expected: str) -> None:
    found = [text[r.start : r.end] for r in recogniser().analyze(text, [])]
    assert expected in found


NOT_FOUND: list[tuple[type[GroupRecogniser], str]] = [
    (TitledName, "Did you miss a dose? Miss Anything?"),
    (TitledName, "Doctor: Hello, how are you?"),
    (TitledName, "I will ask the nurse. Mom was there."),
    (TitledName, "the doctor Said so"),
    (TitledName, "take vitamin D. Patient Reports pain"),
    (TitledName, "a latency of 2 ms. Respecting that"),
    (TitledName, "history of MS Clinic visits"),
    (TitledName, "Nurse Practitioner"),
    (TitledName, "the dr said so, ask your dr about it, mr scan"),
    (IntroducedName, "I'm Sorry. I'm Fine. I am British. I'm Diabetic."),
    (IntroducedName, "Hi There. Hello, Doctor. Good Morning Sir."),
    (IntroducedName, "this is Paracetamol. It's Cymbalta. This is COVID."),
    (IntroducedName, "my name is not important"),
    (IntroducedName, "the medicine is called Dioralyte"),
    (IntroducedName, "Thank you So Much. Thanks, I will."),
    (IntroducedName, "ich bin Diabetiker. Soy Diabética."),
    (RelativeName, "my mum Has diabetes. His father Died. My sister, Because"),
    (RelativeName, "my daughter fell"),
    (RelativeName, "mi madre Tiene fiebre. Meine Mutter Hat Fieber."),
    (LabelledName, "Patient: I have a headache.\nDoctor: Hello\nPatient: Terrible."),
    (LabelledName, "Patient: Yes Doctor, Thank You.\nDoctor: Good Morning.\n"),
    (LabelledName, "Doctor: Great, John will call\nPatient: Okay."),
    (LabelledName, "treated with ECT by EMS"),
    (UserHandle, "see you @ 5pm, 20 mg @night, jane@example.com"),
    (UserHandle, "WhatsApp is fine, Skype is broken"),
]


@pytest.mark.parametrize(("recogniser", "text"), NOT_FOUND)
def test_not_found(recogniser: type[GroupRecogniser], text: str) -> None:
    assert [text[r.start : r.end] for r in recogniser().analyze(text, [])] == []


def test_the_title_stays_readable() -> None:
    text = "Mrs O'Neill"
    (result,) = TitledName().analyze(text, [])
    assert (result.start, result.end, result.entity_type) == (4, 11, "PERSON")
