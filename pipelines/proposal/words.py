"""What names of columns mean, in English, German and Spanish: a table to add to.

A phrase is one or more words that stand in a name, in any order. What else stands in the name must
be of other phrases with the same meaning ("diagnosis (ICD)"), or words that say nothing
(``FILLING``): "patient_email" is an e-mail address, but "patient_mood" is no patient, and
"drug_name" no person's name. Of several meanings that one with the longest phrase counts.
Words are written as ``naming.words`` cuts them: lower case, no accents, ss for ß, no digits.
"""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """What a field is, as its name tells; the value is how that is said to a person."""

    PATIENT_ID = "a patient's number"
    RECORD_NUMBER = "a patient's record number"
    NHS_NUMBER = "an NHS number"
    INSURANCE = "an insurance number"
    NATIONAL_ID = "a person's official number"
    NAME = "a person's name"
    PART_OF_NAME = "a part of a person's name"
    OTHER_NAME = "the name of somebody else"
    PLACE_OF_CARE = "an organisation's name"
    CLINICIAN_ID = "a clinician's number"
    RECORD_ID = "the record's own number"
    OTHER_ID = "a number of something"
    BIRTH_DATE = "a date of birth"
    BIRTH_YEAR = "a year of birth"
    AGE = "an age"
    SEX = "sex or gender"
    EMAIL = "an e-mail address"
    PHONE = "a phone number"
    ADDRESS = "an address"
    CITY = "a town or area"
    POSTCODE = "a postcode"
    COUNTRY = "a country"
    ACCOUNT = "an account or device"
    LINK = "a link"
    SECRET = "a password or bank details"  # noqa: S105
    SENSITIVE = "something by which people are found"
    DATE = "a date"
    TEXT = "free text"
    CLINICAL = "something clinical"
    CATEGORY = "a category"
    MEASURE = "a measure"
    SPEAKER = "who speaks"


PATIENT = frozenset(
    """
    patient patients patientin pat pt paciente client klient klientin cliente member subject
    versicherter versicherte
    """.split()
)
"""Words for the patient; in a phrase's company they say whose it is."""

FILLING = PATIENT | frozenset(
    """
    person personal persona own the der die das des de del la el los las of von vom primary main
    home mobile work private privat current full complete completo value wert valor field feld
    campo column spalte col txt raw orig original source new neu final data daten datos record
    contact kontakt contacto info
    """.split()
)
"""Words that do not change what a name means."""

_TABLE: dict[Meaning, dict[str, str]] = {
    Meaning.PATIENT_ID: {
        "en": "patient; subject; patient id; patient no; patient nr; patient number; patient num; "
        "patient key; patient code; patient identifier; patient ref; patient uuid; patient guid; "
        "pat id; pat no; pat nr; pt id; pt no; client id; client no; client number; member id; "
        "subject id; person id; pid; service user id; patientid; patientno; patientnumber",
        "de": "patient nummer; patienten id; patienten nr; patientennummer; patientennr; pat nummer"
        "; patientenid; patientenkennung; patienten; patientenschluessel; patientenschlussel; "
        "klientennummer; personennummer; patientenkey; patientencode",
        "es": "paciente; id paciente; paciente no; paciente num; numero paciente; codigo paciente; "
        "cod paciente; nro paciente; idpaciente; clave paciente; paciente nr",
    },
    Meaning.RECORD_NUMBER: {
        "en": "mrn; medical record number; medical record no; medical record; hospital number; "
        "hospital no; chart number; chart no; chart id; emr id; ehr id; chi; chi number",
        "de": "aktenzeichen; aktennummer; krankenaktennummer; akte nr; aktennr",
        "es": "historia clinica; numero historia; num historia; nhc; expediente; nro historia",
    },
    Meaning.NHS_NUMBER: {
        "en": "nhs; nhs no; nhs nr; nhs number; nhs num; nhs id; nhsno; nhsnumber"
    },
    Meaning.INSURANCE: {
        "en": "insurance id; insurance number; insurance no; policy number; policy no; "
        "medicare number; medicare id; medicaid id; subscriber id; beneficiary id",
        "de": "versichertennummer; versichertennr; versicherten nr; versicherungsnummer; kvnr; "
        "krankenversichertennummer; krankenversichertennr; versicherungsnr; versicherten id",
        "es": "numero seguridad social; seguridad social; nss; tarjeta sanitaria; cip; sip; "
        "numero afiliado; poliza; numero poliza",
    },
    Meaning.NATIONAL_ID: {
        "en": "ssn; social security; social security number; national id; passport; passport no; "
        "passport number; nino; national insurance; driver licence; drivers license; tax id",
        "de": "personalausweis; personalausweisnummer; steuernummer; steuer id; "
        "sozialversicherungsnummer; ausweisnummer; reisepass",
        "es": "dni; nie; nif; pasaporte; cedula; curp; documento; documento identidad",
    },
    Meaning.NAME: {
        "en": "name; full name; patient name; fullname; display name; names; patientname",
        "de": "vollname; patientenname; vor und nachname; anzeigename",
        "es": "nombre; nombre completo; nombre paciente; nombre y apellidos; nombre apellidos",
    },
    Meaning.PART_OF_NAME: {
        "en": "first name; last name; surname; family name; given name; middle name; maiden name; "
        "forename; firstname; lastname; initials; nickname; fname; lname; preferred name",
        "de": "vorname; nachname; familienname; geburtsname; rufname; zuname; vornamen",
        "es": "apellido; apellidos; primer apellido; segundo apellido; primer nombre; "
        "segundo nombre",
    },
    Meaning.OTHER_NAME: {
        "en": "doctor; doctor name; clinician; clinician name; physician; physician name; "
        "provider; provider name; gp; gp name; nurse; nurse name; therapist; therapist name; "
        "consultant; practitioner; practitioner name; staff; staff name; author; signed by; "
        "created by; next of kin; emergency contact; emergency contact name; guardian; carer; "
        "mother; father; mother name; father name; spouse; relative; referrer; referred by; "
        "interpreter; host; participant; participants; attendee; attendees; user name; organizer; "
        "owner",
        "de": "arzt; aerztin; arztin; behandler; behandelnder arzt; hausarzt; arztname; therapeut; "
        "therapeutin; notfallkontakt; angehoriger; angehorige; angehoerige; mutter; vater; "
        "betreuer; ansprechpartner; ersteller; bearbeiter; pflegekraft; berater; beraterin",
        "es": "medico; medica; doctora; nombre medico; enfermera; enfermero; profesional; "
        "terapeuta; madre; padre; familiar; tutor; cuidador; autor; contacto emergencia",
    },
    Meaning.PLACE_OF_CARE: {
        "en": "clinic; clinic name; hospital; hospital name; practice; practice name; employer; "
        "company; organisation; organization; facility; facility name; surgery; ward; school; "
        "site; department name; trust; pharmacy; insurance; insurer",
        "de": "praxis; klinik; krankenhaus; arbeitgeber; firma; einrichtung; station; schule; "
        "krankenkasse; kasse; apotheke",
        "es": "clinica; centro; centro salud; empresa; empleador; consultorio; farmacia; "
        "aseguradora",
    },
    Meaning.CLINICIAN_ID: {
        "en": "doctor id; clinician id; physician id; provider id; practitioner id; gp id; npi; "
        "gmc; gmc number; staff id; therapist id; nurse id; provider no; provider npi; user id; "
        "licence; licence number; license; license number",
        "de": "arztnummer; arzt id; arzt nr; lanr; bsnr; behandler id; mitarbeiternummer",
        "es": "id medico; numero colegiado; colegiado; medico id",
    },
    Meaning.RECORD_ID: {
        "en": "id; record id; consultation id; encounter id; visit id; session id; appointment id; "
        "row id; case id; case no; case number; message id; conversation id; call id; uuid; guid; "
        "identifier; index; row; nr; no; number; consultation no; visit no; booking id; "
        "episode id; chat id; consultation; encounter number; consultation number; session no; "
        "event id; document id; note id; visit number; appointment no; appointment number",
        "de": "fallnummer; fall id; fall nr; fallnr; sitzungsnummer; terminnummer; vorgangsnummer; "
        "nummer; lfd nr; laufende nummer; kontaktnummer; behandlungsnummer; fall; konsultation id; "
        "besuch id; termin id; beratung id; beratungsnummer; beratung nr; termin nr; lfdnr",
        "es": "id consulta; numero consulta; id visita; id cita; id registro; numero; folio; "
        "id sesion; codigo consulta; numero cita; consulta id; nro consulta; num consulta",
    },
    Meaning.OTHER_ID: {
        "en": "account number; account id; invoice; invoice no; invoice number; claim id; "
        "claim number; order id; order number; reference; reference number; ref; ref no; "
        "prescription number; prescription id; sample id; device id; serial; serial number; "
        "meeting id; external id; internal id; family id; household id; certificate number; token",
        "de": "rechnungsnummer; rechnungsnr; auftragsnummer; referenz; rezeptnummer; kundennummer; "
        "geratenummer; geraetenummer; seriennummer; belegnummer",
        "es": "factura; numero factura; referencia; numero pedido; numero receta; numero serie",
    },
    Meaning.BIRTH_DATE: {
        "en": "dob; date birth; birth date; birthdate; birthday; birth day; d o b; born; "
        "date of birth; dateofbirth",
        "de": "geburtsdatum; gebdatum; geb datum; geb; geburtstag; geboren; geboren am; gebdat; "
        "geb dat; gebtag; geburtsdat",
        "es": "fecha nacimiento; fecha nac; f nacimiento; fnac; f nac; nacimiento; nacido; "
        "fec nac; fechanacimiento; fechanac",
    },
    Meaning.BIRTH_YEAR: {
        "en": "birth year; year birth; yob; year of birth; birthyear",
        "de": "geburtsjahr; jahrgang; gebjahr",
        "es": "ano nacimiento; anio nacimiento",
    },
    Meaning.AGE: {
        "en": "age; age years; age yrs; age at visit; age at consultation; patient age; years old",
        "de": "alter; alter jahre; lebensalter; alter jahren; patientenalter; alter in jahren",
        "es": "edad; edad anos; edad paciente; edad en anos",
    },
    Meaning.SEX: {
        "en": "sex; gender; gender identity; sex at birth; m f; mf; administrative sex",
        "de": "geschlecht; geschl; m w; mw; m w d",
        "es": "sexo; genero",
    },
    Meaning.EMAIL: {
        "en": "email; e mail; mail; email address; mail address; emailaddress; e mail address",
        "de": "mailadresse; emailadresse; e mail adresse; email adresse",
        "es": "correo; correo electronico; direccion correo",
    },
    Meaning.PHONE: {
        "en": "phone; phone number; telephone; telephone number; tel; mobile; mobile number; cell; "
        "cell phone; fax; phone no; mobile phone; tel no; contact number; phonenumber; mob; "
        "caller; caller id; landline; whatsapp; msisdn; callback number",
        "de": "telefon; telefonnummer; handy; handynummer; mobil; mobilnummer; rufnummer; tel nr; "
        "telefonnr; mobiltelefon; festnetz; faxnummer; handynr; telnr; rueckrufnummer",
        "es": "telefono; movil; celular; numero telefono; tfno; telefono movil; tlf; tel",
    },
    Meaning.ADDRESS: {
        "en": "address; street; street address; house number; address line; addr; "
        "postal address; home address; house; apartment; location; gps; latitude; "
        "longitude; lat; lon; lng; coordinates; place",
        "de": "adresse; anschrift; strasse; str; hausnummer; hausnr; strasse hausnummer; "
        "strasse nr; wohnadresse; strasse und hausnummer; hnr",
        "es": "direccion; domicilio; calle; calle numero; residencia; ubicacion",
    },
    Meaning.CITY: {
        "en": "city; town; village; county; district; suburb; borough; parish; state; region; "
        "province; birthplace; place of birth; neighbourhood; locality; area; municipality",
        "de": "ort; stadt; wohnort; gemeinde; bundesland; kreis; landkreis; ortsteil; geburtsort; "
        "stadtteil; bezirk",
        "es": "ciudad; localidad; poblacion; municipio; provincia; pueblo; barrio; comunidad; "
        "lugar nacimiento; comunidad autonoma",
    },
    Meaning.POSTCODE: {
        "en": "postcode; post code; zip; zip code; postal code; zipcode; postalcode",
        "de": "plz; postleitzahl",
        "es": "codigo postal; cp; cod postal",
    },
    Meaning.COUNTRY: {
        "en": "country; country code; nation",
        "de": "land; landercode",
        "es": "pais",
    },
    Meaning.ACCOUNT: {
        "en": "username; user; account; screen name; handle; login; nickname; ip; ip address; "
        "mac address; device; imei; user agent; vehicle; license plate; number plate; cookie; "
        "skype; telegram; facebook; instagram; twitter; profile; userid; avatar; photo; picture",
        "de": "benutzer; benutzername; konto; kennzeichen; nutzername; foto; bild",
        "es": "usuario; cuenta; nombre usuario; matricula; foto; dispositivo",
    },
    Meaning.LINK: {
        "en": "url; link; website; web; join url; meeting link; meeting url; uri; file; file name; "
        "filename; path; attachment; attachments; recording; recording url; folder",
        "de": "webseite; datei; dateiname; anhang; aufnahme",
        "es": "enlace; archivo; adjunto; grabacion; fichero",
    },
    Meaning.SECRET: {
        "en": "password; passcode; pin; iban; bic; bank account; credit card; card number; cvv; "
        "sort code; secret; api key; access code",
        "de": "passwort; kennwort; kontonummer; bankverbindung; kreditkarte; zugangscode",
        "es": "contrasena; clave; tarjeta; tarjeta credito; cuenta bancaria",
    },
    Meaning.SENSITIVE: {
        "en": "ethnicity; ethnic group; race; religion; occupation; job; job title; profession; "
        "marital status; nationality; education; income; sexual orientation; citizenship; "
        "mother tongue; household size; employment; political",
        "de": "beruf; religion; konfession; familienstand; nationalitat; nationalitaet; "
        "staatsangehorigkeit; bildung; einkommen; herkunft; muttersprache; ethnie",
        "es": "etnia; raza; ocupacion; profesion; estado civil; nacionalidad; estudios; ingresos",
    },
    Meaning.DATE: {
        "en": "date; time; datetime; timestamp; created; created at; updated; updated at; start; "
        "started at; end; ended at; visit date; consultation date; appointment date; start date; "
        "end date; start time; end time; date time; at; day; session date; admission date; "
        "discharge date; date of visit; encounter date; when; scheduled; modified; joined at; "
        "left at; appointment; date of consultation; call date; sent at; registered",
        "de": "datum; uhrzeit; zeit; zeitpunkt; beginn; ende; termin; erstellt; erstellt am; "
        "geaendert; behandlungsdatum; besuchsdatum; konsultationsdatum; aufnahmedatum; "
        "entlassungsdatum; zeitstempel; beratungsdatum; terminzeit; tag; gesprachsdatum; "
        "sitzungsdatum; beginn am; sprechstunde am",
        "es": "fecha; hora; inicio; fin; fecha consulta; fecha hora; fecha inicio; fecha fin; "
        "fecha visita; fecha alta; fecha cita; cita; fecha ingreso; momento; creado",
    },
    Meaning.TEXT: {
        "en": "visit notes; case notes; progress notes; session notes; call notes; "
        "note; notes; text; comment; comments; transcript; dialogue; dialog; message; body; "
        "summary; description; narrative; history; remarks; free text; freetext; conversation; "
        "letter; clinical notes; soap; subjective; objective; plan; chat; content; section text; "
        "consultation notes; feedback; report; findings; anamnesis; question; answer; "
        "transcription",
        "de": "notiz; notizen; bemerkung; bemerkungen; freitext; kommentar; anamnese; befund; "
        "bericht; verlauf; arztbrief; gesprach; gespraech; nachricht; beschreibung; "
        "zusammenfassung; protokoll; transkript; gesprachsnotiz; verlaufsnotiz; "
        "gesprachsprotokoll; anmerkung; anmerkungen; inhalt; frage; antwort; therapieplan; "
        "beratungsnotiz",
        "es": "nota; notas; comentario; comentarios; texto; observaciones; anamnesis; evolucion; "
        "informe; mensaje; transcripcion; conversacion; descripcion; resumen; dialogo; "
        "nota clinica; notas clinicas; pregunta; respuesta; historia",
    },
    Meaning.CLINICAL: {
        "en": "diagnosis; diagnoses; condition; conditions; complaint; presenting complaint; "
        "reason; reason for visit; chief complaint; symptom; symptoms; medication; medications; "
        "drug; drug name; dosage; dose; allergy; allergies; procedure; icd; "
        "icd code; snomed; snomed code; diagnosis code; code; codes; display; "
        "codes display; treatment; prescription; indication; outcome; problem; problems; "
        "test; test result; result; loinc",
        "de": "diagnose; diagnosen; beschwerde; beschwerden; symptom; symptome; medikament; "
        "medikamente; medikation; allergie; allergien; behandlung; anlass; "
        "grund; rezept; dosierung; icd; diagnoseschlussel; diagnosecode; hauptdiagnose; "
        "vorstellungsgrund; ergebnis; beratungsanlass; konsultationsgrund",
        "es": "diagnostico; diagnosticos; motivo; motivo consulta; sintoma; sintomas; medicacion; "
        "medicamento; tratamiento; alergia; alergias; dosis; receta; cie; resultado",
    },
    Meaning.CATEGORY: {
        "en": "channel; platform; specialty; speciality; status; type; kind; category; language; "
        "priority; urgency; modality; mode; consultation type; visit type; appointment type; "
        "department; service; triage; severity; satisfaction; patient satisfaction; rating; "
        "stars; nps; section; section header; split; follow up; followup; no show; "
        "attended; cancelled; smoker; smoking status; pregnant; system; source; age group; "
        "age band; currency; unit; encounter class; new patient; is new patient",
        "de": "kanal; plattform; fachgebiet; fachrichtung; fachbereich; art; typ; kategorie; "
        "sprache; prioritat; dringlichkeit; zufriedenheit; bewertung; altersgruppe; raucher; "
        "fach; abteilung; terminart; kontaktart; medium; versicherungsart; wiedervorstellung; "
        "patientenzufriedenheit",
        "es": "canal; plataforma; especialidad; estado; tipo; categoria; idioma; prioridad; "
        "urgencia; satisfaccion; valoracion; grupo edad; fumador; servicio; modalidad; medio",
    },
    Meaning.MEASURE: {
        "en": "duration; duration minutes; duration min; duration seconds; minutes; length; score; "
        "count; weight; weight kg; height; height cm; bmi; systolic; diastolic; bp; heart rate; "
        "pulse; temperature; glucose; spo; oxygen; pain score; phq; gad; waiting time; "
        "duration mins; mins; "
        "wait minutes; quantity; offset; end offset; hba c; cholesterol; respiratory rate; turns",
        "de": "dauer; dauer min; dauer minuten; gewicht; gewicht kg; grosse; groesse; grosse cm; "
        "puls; blutdruck; temperatur; anzahl; menge; minuten; blutzucker; wartezeit; punkte; "
        "dauer in minuten; gesprachsdauer; schmerzskala; herzfrequenz; sauerstoff",
        "es": "duracion; duracion min; duracion minutos; peso; talla; altura; pulso; tension; "
        "temperatura; puntuacion; cantidad; minutos; glucosa; frecuencia cardiaca; imc",
    },
    Meaning.SPEAKER: {
        "en": "speaker; sender; from; role; speaker role",
        "de": "sprecher; absender; rolle",
        "es": "hablante; remitente; rol",
    },
}

PHRASES: tuple[tuple[frozenset[str], Meaning, str], ...] = tuple(
    (frozenset(phrase.split()), meaning, language)
    for meaning, by_language in _TABLE.items()
    for language, phrases in by_language.items()
    for phrase in phrases.split(";")
)
"""(words, meaning, language) of the table; of equals the first counts."""

STOP_WORDS = {
    "en": frozenset("the and is of to with for she he was has i you it my not".split()),
    "de": frozenset("der die und ist das nicht mit sie ich ein hat seit wird auf zu bei".split()),
    "es": frozenset("el la los de que y es con una por para no se del ha desde".split()),
}
"""Words that tell the language of a text."""
