"""Clinical formats, true to their standards: HL7 version 2, C-CDA, FHIR. Nobody is real."""

import json

HL7_ORU = "\r".join(
    [
        r"MSH|^~\&|DEVICES|Hill Practice^1.2.3^ISO|EHR|CLINIC|20240305102000+0000||ORU^R01^ORU_R01"
        r"|17|P|2.5.1||||||8859/1|en^English^ISO639",
        "PID|1||483920^^^CLINIC^MR~943 476 5919^^^NHS^NH||Müller^Sam^Q^^Mr^^L~Lee^Sam^^^^^M"
        "||19700102|M|Lee^Sammy||12 Oak St&12&Oak St^Flat 2^Leeds^^LS6 2AB^GB~1 Old Rd^^York"
        "||+44 7700 900123^PRN^PH~^NET^Internet^sam@mail.example|0113 496 0000|||||ACC77"
        "|999-11-2222",
        "NK1|1|Lee^Ann|SPO|1 Elm Rd^^Leeds|+44 7700 900999",
        "PV1|1|V|TELE^^^Hill Practice||||1234567893^Patel^Jane^^^Dr^^^NPI||||||||||||V77^^^CLINIC"
        "|||||||||||||||||||||||||20240305101500+0000|20240305103000+0000",
        "OBR|1||ACC-99^LAB|85354-9^Blood pressure^LN|||20240305101600|||||||||7^Kelly^Bo",
        "OBX|1|NM|HR^Pulse^L^8867-4^Heart rate^LN||72|/min^^UCUM|60-100||||F|||202403051017",
        "OBX|2|SN|8480-6^Systolic blood pressure^LN||^120|mm[Hg]|||||F",
        "OBX|3|SN|8462-4^Diastolic blood pressure^LN||>^80|mm[Hg]|||||F",
        "OBX|4|ST|5778-6^Color of Urine^LN||yellow||||||F",
        "OBX|5|CWE|LAB^Organism^L||112283007^Escherichia coli^SCT||||||F",
        "OBX|6|NM|2339-0^Glucose^LN||9.1|mmol/L|||||W",
        r"OBX|7|TX|11506-3^Progress note^LN||Müller says \T\ means: fine\.br\see C:\a\b||||||F",
        r"OBX|8|FT|11506-3^Progress note^LN||line two~line three & more \X41C4\||||||F",
        "OBX|9|ED|18842-5^Letter^LN||^application^pdf^Base64^JVBERi0xLjcK||||||F",
        "OBX|10|RP|18842-5^Image^LN||images/1.dcm^PACS||||||F",
        "NTE|1||Seen by video.",
        "DG1|1||J06.9^Acute upper respiratory infection^I10||20240305|W",
        "DG1|2|||A cold, says his wife||W",
    ]
)
"""Of one patient, in Latin-1."""

_HEAD = [
    "PID|1||483920^^^CLINIC^MR||Lee^Sam||19700102|M",
    "PV1|1|V|||||1234567893^Patel^Jane^^^Dr||||||||||||V77^^^CLINIC",
]
HL7_BATCH = (
    "\r\n".join(
        [
            r"FHS|^~\&|ENGINE|CLINIC",
            r"BHS|^~\&|ENGINE|CLINIC",
            r"MSH|^~\&|EHR|CLINIC|X|Y|20240305100000||ADT^A04|1|P|2.3",
            *_HEAD,
            r"MSH|^~\&|EHR|CLINIC|X|Y|20240305104000||MDM^T02^MDM_T02|2|P|2.6||||||UNICODE UTF-8",
            *_HEAD,
            "TXA|1|PN^Progress note|TX|20240305101500-0500|99^Okoro^Ada|||||||DOC1|||||AU",
            "OBX|1|ST|PN^Progress note^L||Sam Lee called on 07700 900123.",
            "OBX|2|ST|PN^Progress note^L||He feels better.",
            "",
            r"MSH|^~\&|BILL|CLINIC|X|Y|20240306||DFT^P03|3|P|2.5",
            *_HEAD,
            "FT1|1|||20240305||CG|99213^Office visit^C4|||2|120.50&USD",
            r"MSH|^~\&|EHR|CLINIC|X|Y|20240306||ACK|4|P|2.5",
            "MSA|AA|3",
            "BTS|4",
            "FTS|1",
        ]
    )
    + "\r\n"
)

HL7_MLLP = "".join(
    f"\x0b{message}\r\x1c\r"
    for message in (
        "MSH|^~\\&|A|B|C|D|2024||ADT^A08|1|P|2.4\rPID|||7^^^^MR||Roe^Jo||1980",
        "MSH#*~\\&#A#B#C#D#2024##ADT*A01#2#P#2.4\rPID###8****MR##Poe*Al##1981",
    )
)

CCDA = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="CDA.xsl"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <realmCode code="US"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
 <templateId root="2.16.840.1.113883.10.20.22.1.1" extension="2015-08-01"/>
 <templateId root="2.16.840.1.113883.10.20.22.1.9" extension="2015-08-01"/>
 <id root="2.16.840.1.113883.19.5.99999.1" extension="TT988"/>
 <code code="11506-3" codeSystem="2.16.840.1.113883.6.1" displayName="Progress Note"/>
 <title>Progress Note</title>
 <effectiveTime value="20240305110000+0000"/>
 <languageCode code="en-US"/>
 <!-- who -->
 <recordTarget><patientRole>
  <id root="2.16.840.1.113883.4.1" extension="111-00-2330"/>
  <id root="2.16.840.1.113883.19.5" extension="483920"/>
  <addr use="HP"><streetAddressLine>12 Oak St</streetAddressLine>
   <streetAddressLine>Apt 2</streetAddressLine><city>Boston</city><state>MA</state>
   <postalCode>02118</postalCode><country>US</country></addr>
  <telecom value="tel:+1(617)555-0123" use="HP"/><telecom value="mailto:sam@mail.example"/>
  <patient>
   <name use="L"><given>Sam</given><given>Q</given><family>Lee</family></name>
   <name><given>Sam</given><family qualifier="BR">Li</family></name>
   <administrativeGenderCode code="M" codeSystem="2.16.840.1.113883.5.1"/>
   <birthTime value="19700102"/>
   <guardian><telecom value="tel:+1(617)555-0199"/><guardianPerson><name><given>Ann</given>
    <family>Lee</family></name></guardianPerson></guardian>
  </patient>
  <providerOrganization><name>Hill Practice</name></providerOrganization>
 </patientRole></recordTarget>
 <author><time value="20240305"/><assignedAuthor>
  <id root="2.16.840.1.113883.4.6" extension="1234567893"/><telecom value="tel:555-1002"/>
  <assignedPerson><name><prefix>Dr</prefix><given>Jane</given><family>Patel</family></name>
  </assignedPerson></assignedAuthor></author>
 <custodian><assignedCustodian><representedCustodianOrganization><name>City Hospital</name>
 </representedCustodianOrganization></assignedCustodian></custodian>
 <participant typeCode="IND"><associatedEntity classCode="NOK"><associatedPerson><name>
  <given>Bo</given><family>Lee</family></name></associatedPerson></associatedEntity></participant>
 <componentOf><encompassingEncounter><id root="2.16.840.1.113883.19" extension="V77"/>
  <code code="VR" codeSystem="2.16.840.1.113883.5.4"/>
  <effectiveTime><low value="20240305101500+0000"/><high value="20240305103000+0000"/>
  </effectiveTime></encompassingEncounter></componentOf>
 <component><structuredBody>
  <component><section>
   <code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title>
   <text><list><item ID="p1">Hypertension, says <content>Sam Lee</content></item>
    <item>Cough &amp; cold</item></list></text>
   <entry><act classCode="ACT" moodCode="EVN"><entryRelationship typeCode="SUBJ">
    <observation classCode="OBS" moodCode="EVN">
     <templateId root="2.16.840.1.113883.10.20.22.4.4" extension="2015-08-01"/>
     <code code="64572001" codeSystem="2.16.840.1.113883.6.96"/>
     <text><reference value="#p1"/></text>
     <value xsi:type="CD" code="59621000" displayName="Essential hypertension"
      codeSystem="2.16.840.1.113883.6.96"/></observation></entryRelationship></act></entry>
   <entry><observation classCode="OBS" moodCode="EVN" negationInd="true">
     <templateId root="2.16.840.1.113883.10.20.22.4.4"/>
     <value xsi:type="CD" code="44054006" codeSystem="2.16.840.1.113883.6.96"/></observation>
   </entry>
  </section></component>
  <component><section><title>Medications</title>
   <text><table><thead><tr><th>Drug</th><th>Sig</th></tr></thead><tbody><tr><td>Lisinopril</td>
    <td ID="sig1">one a day</td></tr></tbody></table></text>
   <entry><substanceAdministration classCode="SBADM" moodCode="EVN">
    <templateId root="2.16.840.1.113883.10.20.22.4.16" extension="2014-06-09"/>
    <text><reference value="#sig1"/></text><doseQuantity value="1"/>
    <consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor="UNK">
     <translation code="314076" displayName="lisinopril 10 MG Oral Tablet"
      codeSystem="2.16.840.1.113883.6.88"/></code></manufacturedMaterial></manufacturedProduct>
    </consumable></substanceAdministration></entry>
  </section></component>
  <component><section><title>Vital Signs</title><text>BP 132/86</text>
   <entry><organizer classCode="CLUSTER" moodCode="EVN">
    <component><observation classCode="OBS" moodCode="EVN">
     <templateId root="2.16.840.1.113883.10.20.22.4.27"/>
     <code code="8480-6" codeSystem="2.16.840.1.113883.6.1" displayName="Systolic"/>
     <effectiveTime value="20240305101600+0000"/>
     <value xsi:type="PQ" value="132" unit="mm[Hg]"/></observation></component>
    <component><observation classCode="OBS" moodCode="EVN">
     <templateId root="2.16.840.1.113883.10.20.22.4.2"/>
     <code code="5778-6" codeSystem="2.16.840.1.113883.6.1" displayName="Color"/>
     <value xsi:type="ST">yellow</value></observation></component>
   </organizer></entry>
   <component><section><title>Comment</title><text>Taken by <br/>the patient</text></section>
   </component>
  </section></component>
 </structuredBody></component>
</ClinicalDocument>
"""

_DOSE = {"dosageInstruction": [{"text": "one a day"}]}
FHIR_R4 = [
    {
        "resourceType": "Patient",
        "id": "p1",
        "identifier": [{"system": "urn:mrn", "value": "483920"}],
        "name": [
            {"use": "official", "family": "Lee", "given": ["Sam", "Q"], "prefix": ["Mr"]},
            {"use": "maiden", "family": "Li", "given": ["Sam"]},
        ],
        "telecom": [
            {"system": "phone", "value": "+44 7700 900123"},
            {"system": "phone", "value": "0113 496 0000"},
            {"system": "email", "value": "sam@mail.example"},
        ],
        "address": [{"line": ["12 Oak St"], "city": "Leeds", "postalCode": "LS6 2AB"}],
        "birthDate": "1970-01-02",
        "gender": "male",
        "contact": [
            {
                "name": {"family": "Lee", "given": ["Ann"]},
                "telecom": [{"system": "phone", "value": "+44 7700 900999"}],
            }
        ],
    },
    {
        "resourceType": "Practitioner",
        "id": "dr",
        "identifier": [{"system": "npi", "value": "1234567893"}],
        "name": [{"family": "Patel", "given": ["Jane"], "prefix": ["Dr"]}],
    },
    {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "identifier": [{"value": "V77"}],
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "VR"},
        "subject": {"reference": "Patient/p1"},
        "participant": [
            {"individual": {"reference": "Practitioner/dr"}},
            {"individual": {"reference": "RelatedPerson/r1", "display": "Bo Lee"}},
        ],
        "period": {"start": "2024-03-05T10:15:00Z", "end": "2024-03-05T10:30:00Z"},
        "reasonCode": [
            {"coding": [{"system": "http://snomed.info/sct", "code": "49727002"}], "text": "Cough"},
            {"text": "worried since his brother died"},
        ],
        "serviceProvider": {"display": "Hill Practice"},
    },
    {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "subject": {"reference": "Patient/p1"},
        "author": [{"reference": "#a1"}],
        "contained": [
            {"resourceType": "Practitioner", "id": "a1", "name": [{"text": "Ada Okoro"}]}
        ],
        "date": "2024-03-05T10:40:00Z",
        "content": [
            {"attachment": {"contentType": "text/plain", "url": "Binary/b1", "title": "Note.txt"}}
        ],
        "context": {"encounter": [{"reference": "Encounter/e1"}]},
    },
    {
        "resourceType": "Binary",
        "id": "b1",
        "contentType": "text/plain",
        "data": "U2FtIExlZSBpcyB3ZWxsLg==",
    },
    {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "https://h.example/fhir/Encounter/e1"},
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "code": {
            "coding": [
                {
                    "system": "http://snomed.info/sct",
                    "code": "59621000",
                    "display": "Essential hypertension",
                }
            ]
        },
    },
    {
        "resourceType": "Condition",
        "id": "c2",
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
        "verificationStatus": {"coding": [{"code": "refuted"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44054006"}]},
    },
    {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
        "effectiveDateTime": "2024-03-05T10:16:00Z",
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]"},
            }
            for code, value in (("8480-6", 132), ("8462-4", 86))
        ],
    },
    {
        "resourceType": "Observation",
        "id": "o2",
        "status": "final",
        "subject": {"reference": "Patient/p1"},
        "effectiveInstant": "2024-03-07T08:00:00Z",
        "code": {
            "coding": [
                {"system": "urn:own", "code": "SPO2"},
                {"system": "http://loinc.org", "code": "59408-5", "display": "SpO2"},
            ]
        },
        "valueQuantity": {"value": 97.5, "unit": "%"},
    },
    {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
        "medicationReference": {"reference": "Medication/x"},
        **_DOSE,
    },
    {
        "resourceType": "Medication",
        "id": "x",
        "code": {"coding": [{"system": "rxnorm", "code": "314076", "display": "lisinopril"}]},
    },
    {
        "resourceType": "Communication",
        "id": "t1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "sender": {"reference": "Patient/p1"},
        "recipient": [{"reference": "Practitioner/dr"}],
        "encounter": {"reference": "Encounter/e1"},
        "sent": "2024-03-05T10:20:00Z",
        "payload": [
            {"contentString": "Hello Dr Patel"},
            {"contentAttachment": {"contentType": "image/png", "title": "rash of Sam.png"}},
        ],
    },
    {
        "resourceType": "QuestionnaireResponse",
        "id": "q1",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "encounter": {"reference": "Encounter/e1"},
        "item": [
            {
                "linkId": "1",
                "text": "About you",
                "item": [
                    {
                        "linkId": "1.1",
                        "text": "Who is with you?",
                        "answer": [{"valueString": "my wife Ann"}],
                    },
                    {"linkId": "1.2", "text": "Pain", "answer": [{"valueInteger": 3}]},
                ],
            }
        ],
    },
    {
        "resourceType": "Claim",
        "id": "k1",
        "status": "active",
        "patient": {"reference": "Patient/p1"},
        "item": [
            {
                "sequence": 1,
                "encounter": [{"reference": "Encounter/e1"}],
                "productOrService": {"coding": [{"system": "cpt", "code": "99213"}]},
                "quantity": {"value": 1},
                "net": {"value": 120.5, "currency": "GBP"},
            }
        ],
    },
    {"resourceType": "Immunization", "id": "i1"},
]
"""Of one Encounter; o2 belongs to none."""

_R5 = {
    "Encounter": {
        "status": "completed",
        "class": [{"coding": [{"code": "VR"}]}],
        "participant": [{"actor": {"reference": "urn:uuid:dr", "display": "Dr Jane Patel"}}],
        "actualPeriod": {"start": "2024-03-05T10:15:00Z", "end": "2024-03-05T10:30:00Z"},
        "reason": [
            {"value": [{"concept": {"coding": [{"system": "s", "code": "49727002"}]}}]},
            {"value": [{"reference": {"reference": "urn:uuid:c1"}}]},
        ],
        "virtualService": [
            {"addressUrl": "https://video.example/r/9", "sessionKey": "7788"},
        ],
    },
    "DocumentReference": {
        "context": [{"reference": "urn:uuid:e1"}],
        "content": [
            {
                "attachment": {
                    "contentType": "text/html",
                    "language": "en-GB",
                    "data": "PHA+U2FtIExlZSBpcyB3ZWxsLjwvcD4=",
                }
            }
        ],
    },
    "MedicationRequest": {
        "medication": {"concept": {"coding": [{"system": "rxnorm", "code": "314076"}]}},
        "renderedDosageInstruction": "one a day",
    },
    "Claim": {"encounter": [{"reference": "urn:uuid:e1"}]},
}


def _r5(resource):
    """A resource of R4 as R5 has it, with the references of a transaction."""
    old = {"period", "reasonCode", "medicationReference", "dosageInstruction"}
    text = json.dumps({k: v for k, v in resource.items() if k not in old})
    for kind in {r["resourceType"] for r in FHIR_R4}:
        text = text.replace(f'"reference": "{kind}/', '"reference": "urn:uuid:')
    text = text.replace("https://h.example/fhir/Encounter/", "urn:uuid:")
    changed = json.loads(text) | _R5.get(resource["resourceType"], {})
    if changed["resourceType"] == "Claim":
        del changed["item"][0]["encounter"]
    return changed


def _entry(resource):
    own = {k: v for k, v in resource.items() if k != "id"}
    return {
        "fullUrl": f"urn:uuid:{resource['id']}",
        "resource": own,
        "request": {"method": "POST", "url": resource["resourceType"]},
    }


FHIR_R5 = json.dumps(
    {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            *(_entry(_r5(resource)) for resource in FHIR_R4),
            {"request": {"method": "DELETE", "url": "Patient/9"}},
        ],
    },
    indent=1,
)
"""A transaction: resources without ids, which refer to each other by their entries' UUIDs."""


def _page(number, resources, more):
    link = [{"relation": "self", "url": "https://h.example/fhir/Encounter?_include=*"}]
    if more:
        url = f"https://h.example/fhir?_getpages=b1&_getpagesoffset={number * 3}&_count=3"
        link.append({"relation": "next", "url": url})
    entries = [
        {
            "fullUrl": f"https://h.example/fhir/{r['resourceType']}/{r['id']}",
            "resource": r,
            "search": {"mode": "match" if r["resourceType"] == "Encounter" else "include"},
        }
        for r in resources
    ]
    page = {"resourceType": "Bundle", "id": f"b{number}", "type": "searchset", "total": 1}
    return json.dumps(page | {"link": link, "entry": entries})


FHIR_PAGES = [
    _page(1, FHIR_R4[:6], True),
    _page(2, [FHIR_R4[0], FHIR_R4[2], *FHIR_R4[6:]], True),
    _page(3, [], False),
]
"""A search's pages as a server writes them, on one line; what is included is there again."""

FHIR_DOCUMENT = json.dumps(
    {
        "resourceType": "Bundle",
        "type": "document",
        "entry": [
            {
                "fullUrl": "https://h.example/fhir/Composition/z",
                "resource": {
                    "resourceType": "Composition",
                    "id": "z",
                    "status": "final",
                    "language": "en-GB",
                    "date": "2024-03-05T11:00:00Z",
                    "subject": {"reference": "Patient/p1"},
                    "author": [{"reference": "Practitioner/dr"}],
                    "title": "Letter",
                    "section": [
                        {
                            "title": "Plan",
                            "text": {"status": "generated", "div": "<div><p>Rest, Sam.</p></div>"},
                        }
                    ],
                },
            },
            *({"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in FHIR_R4[:2]),
        ],
    }
)

ALL = {
    "oru.hl7": HL7_ORU,
    "batch.hl7": HL7_BATCH,
    "feed.er7": HL7_MLLP,
    "TT988.xml": CCDA,
    "transaction.json": FHIR_R5,
    "page-1.json": FHIR_PAGES[0],
    "document.json": FHIR_DOCUMENT,
}
"""By names that such files have."""
