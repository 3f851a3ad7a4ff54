"""Write a folder of exports in every form that Veilbeam reads, each as its vendor writes it.

    python scripts/generate_exports.py exports/ [--sessions 3] [--seed 7]
    veilbeam run --config exports.yaml --input exports/ --release out/r1 --restricted out/restricted

The talk and the people are those of ``veilbeam sample``: made up, and the same for the same seed.
Each form has ``--sessions`` sessions of its own; one session of the recordings was exported twice,
one WhatsApp chat by both who took part. A file of no known format and a voice message lie there
too, as in any such folder. Beside the folder stand ``<folder>.yaml``, a copy of
``configs/consultations.yaml`` in which the clinic's staff is filled in, and
``<folder>.planted.json``: every direct identifier that was written, by its kind, so that a release
can be searched for it. It needs the packages of the tests (``requirements-dev.lock``).
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipelines.sample import compose

CLINIC_NUMBER = "+44 20 7946 0100"
DOMAIN = "clinic.example"
Files = Iterator[tuple[str, bytes]]
"""Names below the folder, and contents."""


@dataclass(frozen=True)
class Session:
    """One session, before it is written in some form."""

    number: int
    record: dict[str, Any]
    start: datetime
    phone: str
    meeting: str

    @property
    def patient(self) -> str:
        return str(self.record["patient"]["name"])

    @property
    def clinician(self) -> str:
        return str(self.record["clinician"]["name"])

    @property
    def email(self) -> str:
        return str(self.record["patient"]["email"])

    @property
    def staff_email(self) -> str:
        return f"clinician{self.number}@{DOMAIN}"

    @property
    def turns(self) -> list[tuple[str, str, float, float]]:
        """Name, text, and seconds from the beginning to the turn's beginning and end."""
        found, at = [], 2.0
        for turn in self.record["turns"]:
            name = self.clinician if turn["speaker"] == "clinician" else self.patient
            text = " ".join(turn["text"].split())
            lasts = 1.0 + len(text) / 15
            found.append((name, text, at, at + lasts))
            at += lasts + 0.5
        return found

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.turns[-1][3])

    def at(self, seconds: float) -> datetime:
        return self.start + timedelta(seconds=seconds)


def session(number: int, seed: int) -> Session:
    """Session ``number``. Days over 12, so that no date can be read in two ways."""
    rng = random.Random(f"{seed}/{number}")
    day = datetime(
        2024, 1 + number // 14 % 3, 13 + number % 14, 9 + number // 42 % 8, 15, tzinfo=UTC
    )
    record = compose(number, seed, patients=10_000).record
    return Session(
        number, record, day, f"+44 7700 900{number % 1000:03}", str(rng.randrange(10**10, 10**11))
    )


def clock(seconds: float, point: str = ".") -> str:
    """``00:01:02.500``."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours:02}:{minutes:02}:{whole % 60:02}{point}{int(seconds % 1 * 1000):03}"


def table(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def zoom_transcripts(sessions: Sequence[Session]) -> Files:
    """Zoom Support, *Managing audio transcription for cloud recordings*; one downloaded twice."""
    for s in sessions:
        cues = (
            f"{i}\r\n{clock(start)} --> {clock(end)}\r\n{name}: {text}\r\n"
            for i, (name, text, start, end) in enumerate(s.turns, 1)
        )
        content = ("WEBVTT\r\n\r\n" + "\r\n".join(cues)).encode()
        name = f"GMT{s.start:%Y%m%d-%H%M%S}_Recording.transcript"
        yield f"zoom/{s.number}/{name}.vtt", content
        if s is sessions[0]:
            yield f"downloads/{name} (1).vtt", content


def teams_transcripts(sessions: Sequence[Session]) -> Files:
    """Microsoft Support, *View live transcription in Microsoft Teams meetings*."""
    for s in sessions:
        cues = (
            f"0b5cf1a2-7d64-4c53-9a6e-{s.number:012}/{i}-0\n{clock(start)} --> {clock(end)}\n"
            f"<v {name}>{text.replace('&', '&amp;').replace('<', '&lt;')}</v>\n"
            for i, (name, text, start, end) in enumerate(s.turns)
        )
        head = f'WEBVTT\n\nNOTE duration:"{clock(s.turns[-1][3])}"\n\nNOTE language:en-gb\n\n'
        name = f"Review-{s.start:%Y%m%d_%H%M%S}-Meeting Recording.vtt"
        yield f"teams/{s.number}/{name}", (head + "\n".join(cues)).encode()


def subtitles(sessions: Sequence[Session]) -> Files:
    """Matroska, *SRT Subtitles*."""
    for s in sessions:
        cues = (
            f"{i}\n{clock(start, ',')} --> {clock(end, ',')}\n{name}: {text}\n"
            for i, (name, text, start, end) in enumerate(s.turns, 1)
        )
        yield f"subtitles/{s.start:%Y-%m-%d} {s.number}.srt", "\n".join(cues).encode()


def meet_documents(sessions: Sequence[Session]) -> Files:
    """Google Meet Help, *Use transcripts with Google Meet*."""
    for s in sessions:
        talk = "\n".join(f"{name}: {text}" for name, text, *_ in s.turns)
        content = (
            f"📖 Transcript\nReview ({s.start:%Y-%m-%d %H:%M} GMT) - Transcript\nAttendees\n"
            f"{s.clinician}, {s.patient}\nTranscript\n{talk}\n"
            f"Transcription ended after {clock(s.turns[-1][3])[:8]}\n\n"
            "This editable transcript was "
            "computer generated and might contain errors. People can also change the text after it "
            "was created.\n"
        )
        yield (
            f"meet/{s.number}/Review ({s.start:%Y-%m-%d %H_%M} GMT) - Transcript.txt",
            content.encode(),
        )


def zoom_chats(sessions: Sequence[Session]) -> Files:
    """Zoom Support, *Saving in-meeting chat*."""
    for s in sessions:
        content = "".join(
            f"{s.at(start):%Y-%m-%d %H:%M:%S} From {name} to Everyone:\r\n\t{text}\r\n"
            for name, text, start, _ in s.turns
        )
        folder = f"{s.start:%Y-%m-%d %H.%M.%S} Review with {s.patient} {s.meeting}"
        yield f"zoom chats/{folder}/meeting_saved_new_chat.txt", content.encode()


def zoom_reports(sessions: Sequence[Session]) -> Files:
    """Zoom Support, *Accessing the meeting and webinar history report*."""
    for s in sessions:
        start, end = (f"{t:%m/%d/%Y %I:%M:%S %p}" for t in (s.start, s.end))
        minutes = 1 + int(s.turns[-1][3] // 60)
        rows = [
            ["Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)",
             "Participants", ""],
            [s.meeting, "Review", start, end, s.staff_email, minutes, 2, ""],
            [],
            ["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)",
             "Guest", "In Waiting Room"],
            [s.clinician, s.staff_email, start, end, minutes, "No", "No"],
            [s.patient, s.email, start, end, minutes, "Yes", "No"],
        ]  # fmt: skip
        yield f"reports/participants_{s.meeting}.csv", table(rows).encode("utf-8-sig")


def teams_attendance(sessions: Sequence[Session]) -> Files:
    """Microsoft Support, *Manage meeting attendance reports in Microsoft Teams*."""
    for s in sessions:
        start, end = (f"{t.month}/{t.day}/{t:%y}, {t:%I:%M:%S %p}" for t in (s.start, s.end))
        minutes = f"{1 + int(s.turns[-1][3] // 60)}m"
        rows = [
            ["1. Summary"], ["Meeting title", "Review"], ["Attended participants", 2],
            ["Start time", start], ["End time", end], ["Meeting duration", minutes], [],
            ["2. Participants"],
            ["Name", "First Join", "Last Leave", "In-Meeting Duration", "Email",
             "Participant ID (UPN)", "Role"],
            [s.clinician, start, end, minutes, s.staff_email, s.staff_email, "Organizer"],
            [f"{s.patient} (Unverified)", start, end, minutes, "", "", "Presenter"], [],
            ["3. In-Meeting Activities"],
            ["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"],
            [s.clinician, start, end, minutes, s.staff_email, "Organizer"],
        ]  # fmt: skip
        name = f"Review - Attendance report {s.start.month}-{s.start.day}-{s.start:%y}.csv"
        yield f"teams reports/{s.number}/{name}", table(rows, "\t").encode("utf-16")


def meet_attendance(sessions: Sequence[Session]) -> Files:
    """Google Meet Help, *Track attendance in Google Meet*."""
    for s in sessions:
        start, end = (f"{t:%I:%M %p}" for t in (s.start, s.end + timedelta(minutes=1)))
        rows = [["First name", "Last name", "Email", "Duration", "Time joined", "Time exited"]]
        for name, email in ((s.clinician, s.staff_email), (s.patient, s.email)):
            first, _, last = name.rpartition(" ")
            rows.append([first, last, email, "20 min", start, end])
        name = f"{s.start:%Y-%m-%d %H-%M} Review - Attendance report.csv"
        yield f"meet reports/{s.number}/{name}", table(rows).encode()


def whatsapp_phones(sessions: Sequence[Session]) -> Files:
    """WhatsApp Help Centre, *How to export your chat history*: iPhone's form, and Android's of the
    first chat from the other phone."""
    notice = "Messages and calls are end-to-end encrypted."
    for s in sessions:
        messages = "".join(
            f"[{s.at(start):%d/%m/%Y, %H:%M:%S}] {name}: {text}\r\n"
            for name, text, start, _ in s.turns
        )
        first = f"[{s.start:%d/%m/%Y, %H:%M:%S}] {s.patient}: \u200e{notice}\r\n"
        picture = f"\u200e[{s.end:%d/%m/%Y, %H:%M:%S}] {s.patient}: \u200eimage omitted\r\n"
        yield f"WhatsApp Chat - {s.patient}/_chat.txt", (first + messages + picture).encode()
        if s is sessions[0]:
            messages = "".join(
                f"{s.at(start):%d/%m/%Y, %H:%M} - {name}: {text}\n"
                for name, text, start, _ in s.turns
            )
            other = f"{s.start:%d/%m/%Y, %H:%M} - {notice} Tap to learn more.\n{messages}"
            yield f"WhatsApp Chat with {s.clinician}.txt", other.encode()


def messenger(sessions: Sequence[Session]) -> Files:
    """Facebook Help Centre, *Download a copy of your information on Facebook*: newest first, in
    files of some messages each, UTF-8 written as if it were Latin-1."""
    for s in sessions:
        thread = (
            f"inbox/{''.join(filter(str.isascii, s.patient.lower())).replace(' ', '')}_{s.number}"
        )
        messages = [
            {
                "sender_name": name.encode().decode("latin-1"),
                "timestamp_ms": int(s.at(start).timestamp() * 1000),
                "content": text.encode().decode("latin-1"),
                "is_geoblocked_for_viewer": False,
            }
            for name, text, start, _ in s.turns
        ][::-1]
        half = len(messages) // 2
        for number, some in enumerate((messages[:half], messages[half:]), 1):
            content = {
                "participants": [
                    {"name": name.encode().decode("latin-1")} for name in (s.clinician, s.patient)
                ],
                "messages": some,
                "title": s.patient.encode().decode("latin-1"),
                "is_still_participant": True,
                "thread_path": thread,
                "magic_words": [],
            }
            path = f"your_facebook_activity/messages/{thread}/message_{number}.json"
            yield path, json.dumps(content, indent=2).encode()


def call_logs(sessions: Sequence[Session]) -> Files:
    """RingCentral, *Call log export*, with notes that were written while on the telephone."""
    rows = [
        ["Direction", "Type", "From", "To", "Name", "Date", "Time", "Action Result", "Duration"]
    ]
    for s in sessions:
        lasted = clock(s.turns[-1][3])[1:8]
        called = [f"{s.start:%a %m/%d/%Y}", f"{s.start:%I:%M %p}", "Call connected", lasted]
        rows.append(["Outbound", "Voice", CLINIC_NUMBER, s.phone, s.patient, *called])
    yield f"calls/CallLog_{sessions[0].start:%Y%m%d}.csv", table(rows).encode()
    for s in sessions[1:]:
        yield f"calls/{s.start:%Y-%m-%d %H-%M} {s.phone}.txt", s.record["note"].encode()


def whisper(sessions: Sequence[Session]) -> Files:
    """OpenAI, *Whisper*; with the speakers that WhisperX adds."""
    for s in sessions:
        segments = [
            {"start": round(start, 3), "end": round(end, 3), "text": f" {text}", "speaker": name,
             "words": [{"word": word, "score": 0.9, "speaker": name} for word in text.split()]}
            for name, text, start, end in s.turns
        ]  # fmt: skip
        content = {"segments": segments, "word_segments": [], "language": "en"}
        yield f"speech/{s.number}/audio.json", json.dumps(content).encode()


def amazon_transcribe(sessions: Sequence[Session]) -> Files:
    """Amazon Transcribe Developer Guide, *Example diarization output (batch)*."""
    for s in sessions:
        labels = {s.clinician: "spk_0", s.patient: "spk_1"}
        segments = [
            {"id": i, "transcript": text, "start_time": f"{start:.2f}", "end_time": f"{end:.2f}",
             "speaker_label": labels[name], "items": []}
            for i, (name, text, start, end) in enumerate(s.turns)
        ]  # fmt: skip
        content = {
            "jobName": f"visit-{s.number}", "accountId": "111122223333", "status": "COMPLETED",
            "results": {
                "language_code": "en-GB",
                "transcripts": [{"transcript": " ".join(text for _, text, *_ in s.turns)}],
                "speaker_labels": {"segments": [], "channel_label": "ch_0", "speakers": 2},
                "items": [], "audio_segments": segments,
            },
        }  # fmt: skip
        yield f"speech/{s.number}/asrOutput.json", json.dumps(content).encode()


def textgrids(sessions: Sequence[Session]) -> Files:
    """Praat manual, *TextGrid file formats*; one file a speaker, with a note."""
    for s in sessions:
        last = s.turns[-1][3]
        for role, name in (("doctor", s.clinician), ("patient", s.patient)):
            spans: list[tuple[float, float, str]] = []
            at = 0.0
            for speaker, text, start, end in s.turns:
                if speaker == name:
                    spans += [(at, start, ""), (start, end, text)]
                    at = end
            spans += [(at, last, "")] if at < last else []
            body = "".join(
                f"        intervals [{i}]:\n            xmin = {start:.3f}\n"
                f"            xmax = {end:.3f}\n"
                f'            text = "{text.replace(chr(34), chr(34) * 2)}"\n'
                for i, (start, end, text) in enumerate(spans, 1)
            )
            yield (
                f"praat/visit{s.number}_{role}.TextGrid",
                (
                    'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\n'
                    f"xmax = {last:.3f}\ntiers? <exists>\nsize = 1\nitem []:\n    item [1]:\n"
                    f'        class = "IntervalTier"\n        name = "{role}"\n        xmin = 0\n'
                    f"        xmax = {last:.3f}\n        intervals: size = {len(spans)}\n{body}"
                ).encode(),
            )
        note = {"patient_id": s.record["patient"]["id"], "note": s.record["note"]}
        yield f"praat/visit{s.number}.json", json.dumps(note).encode()


def fhir(sessions: Sequence[Session]) -> Files:
    """HL7, *FHIR R4* and *Bulk Data Access*."""
    lines: dict[str, list[dict[str, Any]]] = {"Patient": [], "Encounter": [], "Practitioner": []}
    for s in sessions:
        person = s.record["patient"]
        first, _, last = s.patient.partition(" ")
        lines["Patient"].append(
            {"resourceType": "Patient", "id": person["id"], "gender": person["sex"],
             "name": [{"use": "official", "family": last, "given": [first]}],
             "identifier": [{"system": "urn:oid:2.16.840.1", "value": person["id"]}],
             "telecom": [{"system": "phone", "value": s.phone}],
             "birthDate": person["date_of_birth"]}
        )  # fmt: skip
        lines["Practitioner"].append(
            {"resourceType": "Practitioner", "id": f"pr{s.number}", "name": [{"text": s.clinician}]}
        )
        lines["Encounter"].append(
            {"resourceType": "Encounter", "id": s.record["consultation_id"], "status": "finished",
             "class": {"code": "VR"}, "subject": {"reference": f"Patient/{person['id']}"},
             "participant": [{"individual": {"reference": f"Practitioner/pr{s.number}"}}],
             "period": {"start": s.start.isoformat(), "end": s.end.isoformat()}}
        )  # fmt: skip
    for kind, resources in lines.items():
        content = "".join(json.dumps(resource) + "\n" for resource in resources)
        yield f"fhir/{kind}.000.ndjson", content.encode()


def fhir_bundles(sessions: Sequence[Session]) -> Files:
    """HL7, *FHIR R4*, Bundle: a page of a search, as servers answer with."""
    for s in sessions:
        person = s.record["patient"]
        first, _, last = s.patient.partition(" ")
        visit = f"Encounter/{s.record['consultation_id']}"
        resources: list[dict[str, Any]] = [
            {"resourceType": "Patient", "id": person["id"], "gender": person["sex"],
             "name": [{"family": last, "given": [first]}], "birthDate": person["date_of_birth"]},
            {"resourceType": "Encounter", "id": s.record["consultation_id"], "status": "finished",
             "class": {"code": "VR"}, "subject": {"reference": f"Patient/{person['id']}"},
             "period": {"start": s.start.isoformat(), "end": s.end.isoformat()}},
            {"resourceType": "Observation", "id": f"o{s.number}", "status": "final",
             "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
             "subject": {"reference": f"Patient/{person['id']}"}, "encounter": {"reference": visit},
             "effectiveDateTime": s.start.isoformat(),
             "valueQuantity": {"value": 60 + s.number % 40, "unit": "/min"}},
        ]  # fmt: skip
        base = "https://fhir.clinic.example"
        bundle = {
            "resourceType": "Bundle", "type": "searchset", "total": len(resources),
            "link": [{"relation": "self", "url": f"{base}/Encounter"}],
            "entry": [
                {"fullUrl": f"{base}/{r['resourceType']}/{r['id']}", "resource": r}
                for r in resources
            ],
        }  # fmt: skip
        yield f"fhir pages/page-{s.number}.json", json.dumps(bundle, indent=2).encode()


def hl7_v2(sessions: Sequence[Session]) -> Files:
    """HL7, *Version 2.5.1*: ORU^R01, a device's readings and a note."""
    for s in sessions:
        person = s.record["patient"]
        first, _, last = s.patient.partition(" ")
        born = person["date_of_birth"].replace("-", "")
        when = f"{s.start:%Y%m%d%H%M%S}+0000"
        note = s.record["note"]
        for character, code in (("\\", "E"), ("|", "F"), ("^", "S"), ("&", "T"), ("~", "R")):
            note = note.replace(character, f"\\{code}\\")
        message = [
            rf"MSH|^~\&|DEVICES|PRACTICE|EHR|CLINIC|{when}||ORU^R01^ORU_R01|{s.number}|P|2.5.1"
            "||||||UNICODE UTF-8",
            f"PID|1||{person['id']}^^^CLINIC^MR||{last}^{first}||{born}|{person['sex'][0].upper()}"
            f"|||||{s.phone}^PRN^PH",
            f"PV1|1|V|||||77^{s.clinician.rpartition(' ')[2]}^^^^Dr||||||||||||"
            f"{s.record['consultation_id']}^^^CLINIC^VN",
            f"OBR|1||{s.meeting}^LAB|85354-9^Blood pressure^LN|||{when}",
            f"OBX|1|NM|8867-4^Heart rate^LN||{60 + s.number % 40}|/min^^UCUM|||||F|||{when}",
            f"OBX|2|TX|11506-3^Progress note^LN||{note}||||||F",
        ]
        yield f"hl7/{s.start:%Y%m%d}_{s.number}.hl7", ("\r".join(message) + "\r").encode()


def ccda(sessions: Sequence[Session]) -> Files:
    """HL7, *C-CDA 2.1*: a progress note."""
    for s in sessions:
        person = s.record["patient"]
        first, _, last = map(escape, s.patient.partition(" "))
        when = f"{s.start:%Y%m%d%H%M%S}+0000"
        yield (
            f"ccda/{s.number}.xml",
            f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <realmCode code="US"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <templateId root="2.16.840.1.113883.10.20.22.1.9" extension="2015-08-01"/>
  <id root="2.16.840.1.113883.19.5" extension="D{s.number}"/>
  <code code="11506-3" codeSystem="2.16.840.1.113883.6.1" displayName="Progress note"/>
  <title>Progress note</title>
  <effectiveTime value="{when}"/>
  <languageCode code="en-GB"/>
  <recordTarget><patientRole>
    <id root="2.16.840.1.113883.19.5" extension="{person["id"]}"/>
    <telecom use="HP" value="tel:{s.phone}"/>
    <patient>
      <name><given>{first}</given><family>{last}</family></name>
      <administrativeGenderCode code="{person["sex"][0].upper()}"/>
      <birthTime value="{person["date_of_birth"].replace("-", "")}"/>
    </patient>
  </patientRole></recordTarget>
  <author><time value="{when}"/><assignedAuthor>
    <id root="2.16.840.1.113883.4.6" extension="77"/>
    <assignedPerson><name>{escape(s.clinician)}</name></assignedPerson>
  </assignedAuthor></author>
  <componentOf><encompassingEncounter>
    <id root="2.16.840.1.113883.19" extension="{s.record["consultation_id"]}"/>
    <effectiveTime><low value="{when}"/><high value="{s.end:%Y%m%d%H%M%S}+0000"/></effectiveTime>
  </encompassingEncounter></componentOf>
  <component><structuredBody><component><section>
    <templateId root="2.16.840.1.113883.10.20.22.2.65"/>
    <code code="34109-9" codeSystem="2.16.840.1.113883.6.1" displayName="Note"/>
    <title>Note</title>
    <text><paragraph>{escape(s.record["note"])}</paragraph></text>
  </section></component></structuredBody></component>
</ClinicalDocument>
""".encode(),
        )


def own(s: Session) -> dict[str, Any]:
    """A record of a clinic's own system, in the names that the canonical consultation has."""
    person = s.record["patient"]
    return {
        "id": s.record["consultation_id"],
        "started_at": s.start.isoformat(),
        "channel": s.record["channel"],
        "patient": {
            "id": person["id"],
            "birth_date": person["date_of_birth"],
            "sex": person["sex"],
        },
        "participants": [
            {"name": s.clinician, "role": "clinician"},
            {"name": s.patient, "role": "patient", "phone": s.phone, "email": s.email},
        ],
        "turns": [{"speaker": name, "text": text} for name, text, *_ in s.turns],
        "note": s.record["note"],
    }


def flat(s: Session) -> dict[str, Any]:
    """The same in columns."""
    person = s.record["patient"]
    return {
        "id": s.record["consultation_id"],
        "started_at": s.start.isoformat(),
        "patient.id": person["id"],
        "patient.birth_date": person["date_of_birth"],
        "note": f"Seen: {s.patient}. {s.record['note']}",
    }


def json_lines(sessions: Sequence[Session]) -> Files:
    """*JSON Lines*."""
    yield "own/visits.jsonl", "".join(json.dumps(own(s)) + "\n" for s in sessions).encode()


def csv_table(sessions: Sequence[Session]) -> Files:
    """IETF, *RFC 4180*."""
    rows = [flat(s) for s in sessions]
    yield "own/visits.csv", table([list(rows[0]), *(list(row.values()) for row in rows)]).encode()


def parquet(sessions: Sequence[Session]) -> Files:
    """Apache Parquet, *File Format*."""
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([own(s) for s in sessions]), sink)
    yield "own/visits.parquet", sink.getvalue()


def excel(sessions: Sequence[Session]) -> Files:
    """ECMA-376, *Office Open XML File Formats*."""
    import xlsxwriter

    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Visits")
        rows = [flat(s) for s in sessions]
        for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
    yield "own/visits.xlsx", sink.getvalue()


def unknown(_: Sequence[Session]) -> Files:
    """What nobody can read, and what is not opened."""
    yield "letters/referral.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
    yield "WhatsApp Audio/PTT-20240113-WA0001.opus", b"OggS" + bytes(60)


FORMS: tuple[Callable[[Sequence[Session]], Files], ...] = (
    zoom_transcripts, teams_transcripts, subtitles, meet_documents, zoom_chats, zoom_reports,
    teams_attendance, meet_attendance, whatsapp_phones, messenger, call_logs, whisper,
    amazon_transcribe, textgrids, fhir, fhir_bundles, hl7_v2, ccda, json_lines, csv_table, parquet,
    excel, unknown,
)  # fmt: skip
"""Each is given sessions of its own."""


def exports(sessions: int, seed: int) -> Iterator[tuple[str, bytes, list[Session]]]:
    """Each file of the folder: name, content, the sessions of its form."""
    for number, form in enumerate(FORMS):
        own_ones = [session(number * sessions + i, seed) for i in range(sessions)]
        for name, content in form(own_ones):
            yield name, content, own_ones


def planted(sessions: Sequence[Session]) -> dict[str, list[str]]:
    """Direct identifiers in the sessions' files, by kind."""
    found: dict[str, set[str]] = {"PERSON": set(), "PHONE_NUMBER": set(), "ID": set()}
    for s in sessions:
        person = s.record["patient"]
        found["PERSON"] |= {s.patient, s.clinician}
        found["PHONE_NUMBER"].add(s.phone)
        found["ID"] |= {s.record["consultation_id"], person["id"], s.meeting}
        found.setdefault("EMAIL_ADDRESS", set()).update((s.email, s.staff_email))
    return {kind: sorted(values) for kind, values in found.items()}


def configuration() -> str:
    """``configs/consultations.yaml`` with the clinic's staff."""
    text = (Path(__file__).parents[1] / "configs" / "consultations.yaml").read_text()
    for line, filled in (
        ("    staff: []\n", f'    staff: ["{CLINIC_NUMBER}"]\n'),
        ("    domains: []\n", f"    domains: [{DOMAIN}]\n"),
        ("  # time_zone: Europe/London\n", "  time_zone: Europe/London\n"),
    ):
        if line not in text:
            raise SystemExit(f"configs/consultations.yaml has no line {line.strip()!r} any more")
        text = text.replace(line, filled)
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="new folder for the exports")
    parser.add_argument("--sessions", type=int, default=3, help="sessions of each form (3)")
    parser.add_argument(
        "--seed", type=int, default=7, help="the same seed gives the same files (7)"
    )
    given = parser.parse_args()
    if find_spec("xlsxwriter") is None:
        parser.error("needs the packages of the tests: pip install -r requirements-dev.lock")
    count = size = 0
    everybody: dict[int, Session] = {}
    for name, content, sessions in exports(given.sessions, given.seed):
        path = given.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        count, size = count + 1, size + len(content)
        everybody |= {s.number: s for s in sessions}
    beside = given.folder.parent
    (beside / f"{given.folder.name}.yaml").write_text(configuration())
    names = json.dumps(planted(list(everybody.values())), indent=2, ensure_ascii=False)
    (beside / f"{given.folder.name}.planted.json").write_text(names + "\n")
    print(f"{given.folder}: {count} files in {len(FORMS)} forms, {size:,} bytes")


if __name__ == "__main__":
    main()
