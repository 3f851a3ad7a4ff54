"""Words that are not names, although they stand where a name could: the one shared stop list."""

from __future__ import annotations

import regex

_ENGLISH = """
a about above absolutely after again ago agreed ah ahead all almost alright already also although
always am an and another any anybody anyone anything anyway apart apparently are around as ask at
away awful back bad basically be because been before being below besides best better between big
bit both brilliant but by bye call called calling came can cannot care certainly chance cheers come
coming concerned congratulations correct could course currently daily dear definitely depending did
do does doing done down drink during each earlier easy either else enough even ever every everybody
everyone everything exactly excellent excuse explain family fantastic far feel feeling few finally
fine first follow following for from fully general generally get getting give given giving glad go
goes going gonna good goodbye gosh got gotta grateful great greatly guess guys had half happy hard
has have having he hear heard hello help her here hers hey hi hiya him his hmm hold home honestly
hopefully how however huh i if important in indeed inside instead into is it its just keep kind
kindly know last lastly later least left less let letting like likely listen little live lives
living loads look looking lots lovely mainly make man many mate maybe me mean meanwhile mhm mine
more moreover morning most mostly mother much must my myself nearly need neither never nevertheless
new next nice no nobody none nope nor normal normally not nothing now obviously of off oh ok okay
old on once one only onto or other others otherwise ouch our ours out over own pardon perfect
perhaps personally please pleasure pleased possibly pretty previously probably problem quick
quickly quite rather ready really recently regarding regards right sadly said same saw say
saying see seem seems seen sent she should shouldn't similarly since sincerely sir slowly so some
somebody someone something sometimes somewhere soon sorry sort speak speaking specifically still
stop such sure surely take taking talk tell terrible terribly terrific than thank thanks that the
their theirs them then there therefore these they thing think this those though through thus till
to today together tomorrow tonight too totally towards tried truly try trying two twice uh um
under unfortunately unless unlike until up upon us use used usually very wait wanna want wanted was
we week welcome well went were what whatever when whenever where wherever whether which while who
whoever whole whom whose why wish with within without wonder wonderful would wow yeah year years
yep yes yesterday yet you your yours yourself everyone's it's that's there's what's i'm i've i'll
i'd you're you've don't doesn't didn't isn't aren't can't won't let's we're we've he's she's they're
ma'am madam maam mom mum mummy mommy dad daddy god lord jesus aye appreciate mister missus bless
ladies gentlemen folks team all sirs colleague colleagues buddy dude sweetheart
darling honey love man girl boy lady gentleman guy pal friend everybody number age aged
"""

_STATES = """
afraid allergic alone anxious ashamed asian african american australian aware able black british
brazilian busy caribbean catholic caucasian chinese christian colombian confused constipated
covered curious cuban depressed diabetic disabled divorced dizzy dutch dying english epileptic
european excited exhausted experiencing female filipino fit free french german greek gay healthy
hispanic hindu hungry hurting hypertensive immune indian interested irish italian japanese jewish
jobless korean late latina latino lesbian lost male married mexican muslim negative nervous
nigerian pakistani pale polish positive pregnant puerto retired romanian russian scared scottish
sexually shocked short sick single sleeping sleepy smoking spanish stable stressed struggling
stuck sweating tired unable unaware uncomfortable unemployed unsure unwell upset urgent vegan
vegetarian vomiting weak welsh white widowed working worried worse
"""

_CLINIC = """
abdomen abdominal accident admission advice allergies allergy anaemia anemia angiogram angiography
ankle antibiotic antibiotics anxiety appointment aspirin asthma assessment assistant attending back
biopsy bloods blood bowel bp breast breathing bronchitis calpol cancer cardiac cardiologist
cardiology care carer case cell chest chief chlamydia chronic clinic clinical clinician coeliac
cold complaint condition consultant consultation contact copd cough covid crohn's ct date
department dermatology details diabetes diagnosis diarrhea diarrhoea discharge disease dob asap
doctor
doctor's doctors dose dosage drug dx ear ecg eczema ed ekg emergency endoscopy er exam examination
eye facebook female fever flu follow-up foot for gastric gastro genhx gp gp's gyn gynaecology
headache health healthcare heart help helpline history hiv home hospital hpi htn husband hx icu id
imaging infection infirmary influenza inhaler injury insulin intern ibs knee lab labs language last
leg line liver lung male mass medical medication medications medicine meds mental midwife
migraine mri ms nausea neurology new nhs nil no note notes nurofen nurse nurses ob obstetrics of
oncology on-call operation operator orthopedic orthopaedic pain palliative panadol paramedic
parent parents past patient patient's patients pediatric paediatric pharmacist pharmacy phone
physical physician physician's physio physiotherapist physiotherapy plan pmh pneumonia practice
practitioner prescription present primary problem procedure psychiatry pt pulmonary pulse
radiology rash receptionist referral referrals registrar rehab resident respiratory result results
review rx scan score screening secondary sertraline service services sex shoulder side signs skin
sob social specialist specialists staff std stomach stroke student subject substance surgeon
surgeons surgery symptoms tb telehealth telemedicine temp temperature test tests therapist
therapy thyroid tia tonsillitis trauma treatment triage type tylenol ultrasound unit unknown
urgent urine urology uti vaccine ventolin video virus vital vitals visit vitamin ward weight wife
wound xray x-ray denies denied reports reported presents presented states stated noted started
advised discussed referred reviewed saw seen complains complaining admits examined confirmed
prescribed recommended agreed requested called declined died passed suffered suffers works worked
pending normal abnormal negative same
self himself herself themselves
"""

_CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday january february march july september
october november december christmas easter spring summer autumn winter weekend afternoon evening
night noon midnight montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar
märz juli oktober dezember lunes martes miércoles jueves viernes sábado domingo enero febrero
marzo mayo junio julio septiembre octubre noviembre diciembre
"""

_TITLES = """
dr dr. mr mrs ms miss mx prof professor sister nurse herr herrn frau doktor señor señora sr sra
srta don doña dra dña madame reverend rev matron captain
"""

_GERMAN = """
aber alles als also am an auch auf aus bei bin bis bitte da danke dann das dass dein deine dem den
denn der des die dich dir doch dort du ein eine einem einen einer einfach er es euch für ganz gern
gerne gut gute guten haben habe hat hatte heute hier hilfe ich ihm ihn ihnen ihr ihre im in ist ja
jetzt kann kein keine können leider mal mein meine mich mir mit morgen muss nach nein nicht noch
nun nur ob oder schon sehr sein seit sich sie sind so und uns unser vielen viel von vor war was
wegen weil wenn wer wie wieder wir wird wo zu zum zur zusammen alle arzt ärztin angst beschwerden
bauchschmerzen blutdruck blut fieber grippe hausarzt husten kopfschmerzen krankenhaus krank klinik
medikamente müde nachname name patient patientin patienten praxis rezept rückenschmerzen schmerzen
schwanger schwester termin tabletten übelkeit vorname diabetikerin diabetiker rentner rentnerin
allergisch geburtsdatum anschrift adresse telefon uhr jahre jahr tage tag damen herren kollege
kollegin kolleginnen kollegen
"""

_SPANISH = """
a al ante aquí así aunque ayer bien bueno buena buenas buenos casi como con contra cuando cual
de del desde después doctor doctora donde dos el ella ellos en entonces era es esa ese eso esta
está este esto estoy fue gracias ha había hace hasta hola hoy igual la las le lo los luego mal
mañana me mi mis muy más ni no nos o otra otro para pero por porque pues que qué quien se señor
ser si sí sin sobre solo son soy su sus también tengo te tiene todo tu tú un una uno usted ustedes
vale y ya yo paciente pacientes médico médica enfermera enfermero hospital clínica dolor fiebre tos
diabético diabética alérgico alérgica alergias embarazada jubilado jubilada hipertenso fumador
nombre apellidos apellido fecha edad sexo domicilio dirección teléfono localidad historia servicio
urgencias varón mujer nhc cp nacimiento colega colegas amigo amiga
"""

STOP_WORDS = frozenset(
    " ".join((_ENGLISH, _STATES, _CLINIC, _CALENDAR, _TITLES, _GERMAN, _SPANISH)).split()
) - {"don", "del", "de", "la", "el", "los", "las", "y", "von", "zu", "zum", "zur", "der", "den"}
"""Casefolded. Without words that are common first names (Will, Mark, May, Joy ...), and without
the particles that may stand within a name."""

_DRUG = regex.compile(
    r"(?:mol|pril|olol|statin|cillin|mycin|micin|floxacin|azole|sartan|oxetine|pram|idine|"
    r"azepam|zolam|profen|codone|codeine|phine|formin|gliptin|gliflozin|tidine|triptan|thiazide|"
    r"semide|cycline|sone|solone|ectomy|oscopy|itis|ology|opathy|emia|aemia|uria|algia|ologists?|"
    r"icians?|iatrists?|mycosis|enadine|oxacin)$"
)


_SURNAMES_TEXT = """
black white english french german irish welsh dutch scottish christian short stroke case cold foot
head heart love man best little young long ward street may wise hope bird day page price jewish
major parents guy free gay wish sexton chance eye ward power noon winter summer spring friend dear
bye fever payne staff intern
"""
SURNAMES = frozenset(_SURNAMES_TEXT.split())
"""Stop words that are surnames as well: accepted after a title or a first name."""


def is_stop_word(word: str) -> bool:
    """Whether ``word`` is no part of a person's name: a common or clinical word, or a word with
    the ending of a drug, disease or procedure."""
    folded = fold(word)
    return folded in STOP_WORDS or (len(folded) > 6 and _DRUG.search(folded) is not None)


def may_be_surname(word: str) -> bool:
    """Whether a stop word is a surname as well."""
    return fold(word) in SURNAMES


def fold(word: str) -> str:
    """``word`` in lower case, without the punctuation around it."""
    return word.casefold().replace("’", "'").strip(".,;:!?()'\"")
