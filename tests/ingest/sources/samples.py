"""Exports as the vendors write them, with people who do not exist."""

ZOOM_VTT = """WEBVTT

1
00:00:02.656 --> 00:00:04.230
Dr Jane Patel: Good morning, this is Dr Patel

2
00:00:04.400 --> 00:00:06.100
Dr Jane Patel: from the clinic. Am I speaking with

3
00:00:06.200 --> 00:00:07.000
Dr Jane Patel: Mr Lee?

4
00:00:08.000 --> 00:00:11.500
Sam Lee: Yes: I am taking it twice a day: morning and night.

5
00:00:12.000 --> 00:00:13.000
Inaudible

"""

TEAMS_VTT = """WEBVTT

NOTE duration:"00:12:34.000"

NOTE language:en-gb

0b5cf1a2-7d64-4c53/12-0
00:00:03.000 --> 00:00:05.000
<v Jane Patel>Hello
there &amp; welcome</v>

0b5cf1a2-7d64-4c53/13-0
00:00:05.000 --> 00:00:09.000
<v Sam Lee>Hi</v>
<v Jane Patel>How are <i>you</i>?</v>

"""

WEBEX_VTT = """WEBVTT

1 "Jane Patel" (3456789)
00:00:03.000 --> 00:00:05.000
Hello

2 "Sam Lee" (3456790)
00:00:05.000 --> 00:00:06.000
Hi
"""

STREAM_VTT = """WEBVTT
Kind: captions
Language: en-GB

00:00:08.000 --> 00:00:12.000
(Jane Patel)
How are you

00:00:12.000 --> 00:00:20.000
(Jane Patel)
today?
-
\x20
(Sam Lee)
Not so well

"""

SRT = """1
00:00:01,000 --> 00:00:02,000
Jane Patel: Hello

2
00:00:02,500 --> 00:00:04,000
Sam Lee: Hi,
doctor
"""

MEET_SBV = """00:01:11.000,00:01:14.000
Jane Patel: The link is https://meet.google.com/abc-defg-hij

00:01:20.000,00:01:25.000
Sam Lee: thanks
"""

CHAT_2020 = (
    "10:15:23\t From  Sam Lee : hello\n"
    "there\n"
    "10:15:40\t From  Jane Patel   to   Sam Lee(Privately) : your passcode is 4711\n"
)

CHAT_2021 = (
    "10:15:23 From  Sam Lee  to  Everyone:\n"
    "\thello\n"
    "\tthere\n"
    "10:15:40 From  Jane Patel  to  Sam Lee(Direct Message):\n"
    "\tyour passcode is 4711\n"
    "10:15:50 From  Sam Lee  to  Everyone:\n"
    '\tReacted to "your passcode is ..." with 👍\n'
)

CHAT_2024 = (
    "2024-03-05 23:59:50 From Sam Lee to Everyone:\n"
    "\thello\n\n"
    "\tthere\n"
    "2024-03-06 00:00:10 From Jane Patel to Sam Lee(Direct Message):\n"
    '\tReplying to "hello"\n\n'
    "\tyour passcode is 4711\n"
)

CHAT_CLOUD = "00:00:23\tSam Lee:\thello\nthere\n00:01:02\tJane Patel:\tyour passcode is 4711\n"

ZOOM_PARTICIPANTS = """\
Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,
855 1234 5678,Review with Sam Lee,03/25/2024 10:15:00 AM,03/25/2024 10:35:00 AM,\
host@clinic.example,20,2,

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
"Patel, Jane",j.patel@clinic.example,03/25/2024 10:14:50 AM,03/25/2024 10:35:00 AM,20,No,No
Sam (Sam Lee),sam@mail.example,03/25/2024 10:15:30 AM,03/25/2024 10:20:00 AM,5,Yes,No
Sam (Sam Lee),sam@mail.example,03/25/2024 10:21:00 AM,03/25/2024 10:34:00 PM,13,Yes,No
Lurker,,03/25/2024 10:16:00 AM,03/25/2024 10:17:00 AM,1,Yes,Yes
"""

ZOOM_PARTICIPANTS_ALONE = """\
Name (original name),Email,Join time,Leave time,Duration (minutes),Guest
Jane Patel,j.patel@clinic.example,2024-03-25 10:14:50,2024-03-25 10:35:00,20,No
16175550123,,2024-03-25 10:15:30,2024-03-25 10:34:00,19,Yes
"""

ZOOM_PARTICIPANTS_NOW = """\
Topic,ID,Host,Duration (minutes),Start time,End time,Participants
Review with Sam Lee,85512345678,Jane Patel (j.patel@clinic.example),20,"03/25/2024 10:15:00 AM",\
"03/25/2024 10:35:00 AM",2

Name (original name),Email,Total duration (minutes),Guest
Jane Patel,j.patel@clinic.example,20,No
Sam Lee,,18,Yes
Zoom Report
"""

ZOOM_PARTICIPANTS_SPANISH = """\
Nombre (nombre original),Correo electrónico,Hora de entrada,Hora de salida,Duración (minutos),\
Invitado,En sala de espera
Jane Patel,j.patel@clinic.example,25/03/2024 10:14:50,25/03/2024 10:35:00,20,No,No
Sam Lee,,25/03/2024 10:15:30,25/03/2024 10:34:00,19,Sí,No
Lurker,,25/03/2024 10:16:00,25/03/2024 10:17:00,1,Sí,Sí
"""

ZOOM_WEBINAR = """\
Attendee Report,,,,,,,
Report generated time,03/26/2024 09:00:00 AM,,,,,,
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,Unique Viewers,,
Living with eczema,855 1234 5678,"03/25/2024 10:15:00 AM",20,2,1,,
Host Details,,,,,,,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,
Yes,Jane Patel,j.patel@clinic.example,"03/25/2024 10:14:50 AM","03/25/2024 10:35:00 AM",20,No,
Attendee Details,,,,,,,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,
Yes,Sam Lee,sam@mail.example,"03/25/2024 10:15:30 AM","03/25/2024 10:34:00 AM",19,Yes,
No,Ann Bell,ann@mail.example,--,--,--,--,
"""

ZOOM_MEETINGS = """\
Topic,Meeting ID,User Name,User Email,Department,Group,Has Zoom Rooms?,Creation Time,Start Time,\
End Time,Duration (Minutes),Participants,Source
Clinic A,852 1848 6288,Jane Patel,j.patel@clinic.example,GP,,No,15/08/2023 01:27,\
01/06/2023 09:00,01/06/2023 09:21,21,2,Zoom
Clinic A,852 1848 6288,Jane Patel,j.patel@clinic.example,GP,,No,15/08/2023 01:27,\
01/06/2023 10:00,01/06/2023 10:21,21,2,Zoom
"""

ZOOM_MEETINGS_AND_PEOPLE = """\
Topic,Meeting ID,User Name,User Email,Department,Group,Has Zoom Rooms?,Creation Time,Start Time,\
End Time,Duration (Minutes),Participants,Name (Original Name),User Email,Join Time,Leave Time,\
Duration (Minutes),Guest,Recording Consent,In Waiting Room
Clinic A,852 1848 6288,Jane Patel,j.patel@clinic.example,GP,,No,15/08/2023 01:27,\
01/06/2023 09:00,01/06/2023 09:21,21,2,Jane Patel,j.patel@clinic.example,01/06/2023 09:00,\
01/06/2023 09:21,21,No,,No
Clinic A,852 1848 6288,Jane Patel,j.patel@clinic.example,GP,,No,15/08/2023 01:27,\
01/06/2023 09:00,01/06/2023 09:21,21,2,Sam Lee,,01/06/2023 09:01,01/06/2023 09:20,19,Yes,,No
Clinic A,852 1848 6288,Jane Patel,j.patel@clinic.example,GP,,No,15/08/2023 01:27,\
01/06/2023 10:00,01/06/2023 10:21,21,2,Ann Bell,,01/06/2023 10:01,01/06/2023 10:20,19,Yes,,No
"""

TEAMS_2024 = "\r\n".join(
    [
        "1. Summary",
        "Meeting title\tReview with Sam Lee",
        "Attended participants\t2",
        "Start time\t3/25/24, 10:15:00 AM",
        "End time\t3/25/24, 10:35:00 AM",
        "Meeting duration\t20m",
        "",
        "2. Participants",
        "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole",
        "Jane Patel\t3/25/24, 10:15:00 AM\t3/25/24, 10:35:00 AM\t20m\tjane@clinic.example"
        "\tjane@clinic.example\tOrganizer",
        "Sam Lee (Unverified)\t3/25/24, 10:16:00 AM\t3/25/24, 10:34:00 AM\t18m\t\t\tPresenter",
        "",
        "3. In-Meeting Activities",
        "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole",
        "Sam Lee (Unverified)\t3/25/24, 10:16:00 AM\t3/25/24, 10:20:00 AM\t4m\t\tPresenter",
    ]
)

TEAMS_2021 = "\n".join(
    [
        "Meeting Summary",
        "Total Number of Participants\t2",
        "Meeting Title\tReview",
        "Meeting Start Time\t25/03/2021, 10:15:00",
        "Meeting End Time\t25/03/2021, 10:35:00",
        "Meeting Id\t6f7e4a2b-1111-4c53-9a6e-2b1c3d4e5f60",
        "",
        "Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)",
        "Jane Patel\t25/03/2021, 10:15:00\t25/03/2021, 10:35:00\t20m\tjane@clinic.example"
        "\tOrganizer\tjane@clinic.example",
        "Sam Lee\t25/03/2021, 10:16:00\t25/03/2021, 10:34:00\t18m\t\tPresenter\t",
    ]
)

TEAMS_2020 = "\n".join(
    [
        "Full Name\tUser Action\tTimestamp",
        "Jane Patel\tJoined\t25/03/2020, 10:15:00",
        "Sam Lee\tJoined before\t25/03/2020, 10:16:00",
        "Sam Lee\tLeft\t25/03/2020, 10:34:00",
    ]
)

MEET_ATTENDANCE = """First name,Last name,Email,Duration,Time joined,Time exited
Jane,Patel,jane@clinic.example,20 min,10:15 AM,10:35 AM
Sam,Lee,sam@mail.example,18 min,10:16 AM,10:34 AM
"""

MEET_DOCUMENT = """📖 Transcript
Review (2024-03-05 10:15 GMT) - Transcript
Attendees
Jane Patel, Sam Lee
Transcript
Jane Patel: Hello, I'm one of the doctors here.
Sam Lee: Hi.
It still hurts.
00:05:00
Jane Patel: Take this twice: morning and night.
Transcription ended after 00:06:31

This editable transcript was computer generated and might contain errors. People can also change \
the text after it was created.
"""

OTTER = """Review with Sam
Tue, Mar 05, 2024 10:15AM • 12:34
SUMMARY KEYWORDS
pain, back
SPEAKERS
Jane Patel, Sam Lee

Jane Patel  0:00
Hello Sam.

Sam Lee  0:04
Hi: it still hurts.
Here.

Transcribed by https://otter.ai
"""

TEAMS_DOCUMENT = """0:0:1.20 --> 0:0:3.40
Jane Patel
Hello Sam.
0:0:4.0 --> 0:0:6.0
Sam Lee
Hi, it still hurts.
"""

TEAMS_DOCUMENT_2023 = """Review-20240305_101500-Meeting Recording
March 5, 2024, 10:15AM
29m 3s

Jane Patel started transcription

Jane Patel   0:03
Hello Sam.

Sam Lee   0:07
Hi, it still hurts.

Jane Patel stopped transcription
"""

STAMPED = """[00:00:10] Jane Patel: Hello Sam.
[00:00:12] Sam Lee: Hi.
It still hurts.
[00:00:20] Jane Patel: Where: here?
"""

WHATSAPP_IOS = (
    "[12/03/2024, 14:05:09] Sam Lee: \u200eMessages and calls are end-to-end encrypted. No one "
    "outside of this chat, not even WhatsApp, can read or listen to them.\r\n"
    "[12/03/2024, 14:05:09] Sam Lee: Hello doctor\nit hurts: here\r\n"
    "\u200e[12/03/2024, 14:06:11] Sam Lee: \u200eimage omitted\r\n"
    "[12/03/2024, 14:07:00] Dr Jane Patel: Since when? \u200e<This message was edited>\r\n"
    "\u200e[13/03/2024, 09:00:00] Sam Lee: \u200e<attached: 00000012-PHOTO-2024-03-13-09-00-00.jpg>"
    "\r\n"
    "\u200e[13/03/2024, 09:01:00] Sam Lee: letter.pdf • \u200e2 pages \u200edocument omitted\r\n"
    "[13/03/2024, 09:02:00] Sam Lee: \u200eThis message was deleted.\r\n"
    "\u200e[13/03/2024, 09:03:00] Dr Jane Patel: \u200eMissed voice call. \u200eTap to call\r\n"
    "[13/03/2024, 09:04:00] Sam Lee: thank you @\u2068Dr Jane Patel\u2069\r\n"
)

WHATSAPP_ANDROID = (
    "25/03/2024, 10:15 - Messages and calls are end-to-end encrypted. Tap to learn more.\n"
    '25/03/2024, 10:15 - Jane Patel created group "Care of Sam"\n'
    "25/03/2024, 10:15 - Jane Patel added +44 7700 900123\n"
    "25/03/2024, 10:16 - Jane Patel: Good morning,\nhow are you?\n"
    "25/03/2024, 10:17 - +44 7700 900123: IMG-20240325-WA0003.jpg (file attached)\nmy foot\n"
    "25/03/2024, 10:18 - +44 7700 900123: <Media omitted>\n"
    "25/03/2024, 10:19 - Ann Lee: She is better <This message was edited>\n"
    "25/03/2024, 10:20 - Ann Lee: You deleted this message\n"
    "25/03/2024, 10:20 - Ann Lee: location: https://maps.google.com/?q=51.5074,-0.1278\n"
    "25/03/2024, 10:21 - Ann Lee left\n"
)

WHATSAPP_US = (
    "[3/14/24, 2:05:09\u202fPM] Sam Lee: \u200eMessages and calls are end-to-end encrypted.\n"
    "[3/14/24, 2:05:09\u202fPM] Sam Lee: Hello\n"
    "[3/14/24, 12:10:00\u202fAM] Jane Patel: Hi\n"
)

MESSENGER = r"""{
  "participants": [{"name": "Jane Patel"}, {"name": "Ren\u00c3\u00a9 Lee"}],
  "messages": [
    {"sender_name": "Jane Patel", "timestamp_ms": 1709634300000, "content": "Jane sent a photo.",
     "photos": [{"uri": "your_facebook_activity/messages/inbox/rene_1015/photos/123_n.jpg",
                 "creation_timestamp": 1709634299}], "is_geoblocked_for_viewer": false},
    {"sender_name": "Jane Patel", "timestamp_ms": 1709634000000, "content": "Jane called you.",
     "call_duration": 312, "is_geoblocked_for_viewer": false},
    {"sender_name": "Ren\u00c3\u00a9 Lee", "timestamp_ms": 1709633733000,
     "content": "C'est mieux \u00f0\u009f\u0098\u008a",
     "reactions": [{"reaction": "\u00f0\u009f\u0098\u008d", "actor": "Jane Patel"}]}
  ],
  "title": "Ren\u00c3\u00a9 Lee", "is_still_participant": true,
  "thread_path": "inbox/renelee_1015", "magic_words": []
}
"""

MESSENGER_OLDER = r"""{
  "participants": [{"name": "Jane Patel"}, {"name": "Ren\u00c3\u00a9 Lee"}],
  "messages": [
    {"sender_name": "Jane Patel", "timestamp_ms": 1709633723000, "content": "Hello, how are you?",
     "type": "Generic"},
    {"sender_name": "Ren\u00c3\u00a9 Lee", "timestamp_ms": 1709633700000, "type": "Call",
     "content": "You missed a call from Ren\u00c3\u00a9.", "call_duration": 0, "missed": true},
    {"sender_name": "Ren\u00c3\u00a9 Lee", "timestamp_ms": 1709633600000, "type": "Share",
     "content": "See this", "share": {"link": "https://clinic.example/leaflet"}}
  ],
  "title": "Ren\u00c3\u00a9 Lee", "thread_type": "Regular", "thread_path": "inbox/renelee_1015"
}
"""

MESSENGER_ENCRYPTED = """{
  "participants": ["Jane Patel", "Sam Lee"],
  "threadName": "Sam Lee_40",
  "messages": [
    {"isUnsent": false, "media": [], "reactions": [{"actor": "Sam Lee", "reaction": "❤"}],
     "senderName": "Jane Patel", "text": "Ça va?", "timestamp": 1746073791906, "type": "text"},
    {"isUnsent": true, "media": [], "reactions": [], "senderName": "Sam Lee", "text": "oops",
     "timestamp": 1746073792906, "type": "text"},
    {"isUnsent": false, "media": [{"uri": "./media/1f2e.jpeg"}], "reactions": [],
     "senderName": "Sam Lee", "text": "", "timestamp": 1746073793906, "type": "media"}
  ]
}
"""

IMAZING_CALLS = """Call type,Date,Duration,Number,Contact,Location,Service
Incoming,2024-03-25 10:15:00,00:12:05,+44 7700 900123,Sam Lee,United Kingdom,Phone
Outgoing,2024-03-25 11:00:00,00:20:00,ann@mail.example,Ann Bell,,FaceTime Video
Missed,2024-03-25 11:30:00,00:00:00,+44 7700 900124,,United Kingdom,Phone
"""

ANDROID_CALLS = """Name,Number,Call Type,Date,Duration (Seconds)
Sam Lee,07700900123,Incoming,25/03/2024 10:15:00,725
,07700900125,Outgoing,26/03/2024 09:00:00,60
"""

TELEPHONE_CALLS = """Direction,Type,From,To,Name,Date,Time,Action Result,Duration
Inbound,Voice,(617) 555-0123,(617) 555-0199,SAM LEE,Mon 03/25/2024,10:15 AM,Call connected,0:12:05
Outbound,Voice,(617) 555-0199,(617) 555-0124,,Mon 03/25/2024,11:15 AM,No Answer,0:00:00
"""

CALL_NOTE = """Spoke to the patient about the knee.
Plan: rest, and back in two weeks.
"""

WHISPER = """{"text": " Hello, this is Dr Patel. Hi.", "segments": [\
{"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " Hello, this is Dr Patel.", \
"tokens": [50364, 2425], "temperature": 0.0, "avg_logprob": -0.21, "compression_ratio": 1.2, \
"no_speech_prob": 0.01}, {"id": 1, "seek": 0, "start": 2.5, "end": 3.0, "text": " Hi.", \
"tokens": [2421], "temperature": 0.0, "avg_logprob": NaN, "compression_ratio": 1.2, \
"no_speech_prob": 0.01}], "language": "en"}"""

WHISPERX = """{"segments": [
  {"start": 0.031, "end": 2.5, "text": " Hello Sam. Hi.", "speaker": "SPEAKER_00", "words": [
    {"word": "Hello", "start": 0.031, "end": 0.5, "score": 0.9, "speaker": "SPEAKER_00"},
    {"word": "Sam.", "start": 0.6, "end": 1.0, "score": 0.9, "speaker": "SPEAKER_00"},
    {"word": "Hi.", "start": 2.0, "end": 2.5, "score": 0.8, "speaker": "SPEAKER_01"}]},
  {"start": 3.0, "end": 4.0, "text": " It hurts.", "speaker": "SPEAKER_01", "words": [
    {"word": "It", "start": 3.0, "end": 3.2, "score": 0.9, "speaker": "SPEAKER_01"},
    {"word": "hurts.", "score": 0.9}]}],
 "word_segments": [{"word": "Hello", "start": 0.031, "end": 0.5}], "language": "en"}
"""

WHISPER_CPP = """{
  "systeminfo": "AVX = 1 | AVX2 = 1 |",
  "model": {"type": "base", "multilingual": true, "vocab": 51865},
  "params": {"model": "models/ggml-base.bin", "language": "auto", "translate": false},
  "result": {"language": "de"},
  "transcription": [
    {"timestamps": {"from": "00:00:00,000", "to": "00:00:02,500"},
     "offsets": {"from": 0, "to": 2500}, "text": " Guten Tag.", "speaker": "0"},
    {"timestamps": {"from": "00:00:02,500", "to": "00:00:03,000"},
     "offsets": {"from": 2500, "to": 3000}, "text": " Hallo.", "speaker": "1"}
  ]
}
"""

FASTER_WHISPER = """[{"id": 1, "seek": 0, "start": 0.0, "end": 2.5, "text": " Hello.", \
"tokens": [1], "avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.0, \
"words": null, "temperature": 0.0}]"""

TRANSCRIBE_2020 = """{"jobName": "my-job", "accountId": "111122223333", "results": {
 "transcripts": [{"transcript": "I've been unwell. Sorry."}],
 "speaker_labels": {"speakers": 2, "segments": [
  {"start_time": "4.87", "speaker_label": "spk_0", "end_time": "6.88", "items": [
   {"start_time": "4.87", "speaker_label": "spk_0", "end_time": "5.02"},
   {"start_time": "5.02", "speaker_label": "spk_0", "end_time": "5.17"},
   {"start_time": "5.17", "speaker_label": "spk_0", "end_time": "6.88"}]},
  {"start_time": "8.49", "speaker_label": "spk_1", "end_time": "9.24", "items": [
   {"start_time": "8.49", "speaker_label": "spk_1", "end_time": "9.24"}]}]},
 "items": [
  {"start_time": "4.87", "end_time": "5.02", "alternatives": [
   {"confidence": "1.0", "content": "I've"}], "type": "pronunciation"},
  {"start_time": "5.02", "end_time": "5.17", "alternatives": [
   {"confidence": "1.0", "content": "been"}], "type": "pronunciation"},
  {"start_time": "5.17", "end_time": "6.88", "alternatives": [
   {"confidence": "1.0", "content": "unwell"}], "type": "pronunciation"},
  {"alternatives": [{"confidence": "0.0", "content": "."}], "type": "punctuation"},
  {"start_time": "8.49", "end_time": "9.24", "alternatives": [
   {"confidence": "1.0", "content": "Sorry"}], "type": "pronunciation"},
  {"alternatives": [{"confidence": "0.0", "content": "."}], "type": "punctuation"}]},
 "status": "COMPLETED"}
"""

TRANSCRIBE_2024 = """{"jobName":"my-job","accountId":"111122223333","status":"COMPLETED",\
"results":{"language_code":"en-GB","transcripts":[{"transcript":"I've been unwell. Sorry."}],\
"speaker_labels":{"segments":[],"channel_label":"ch_0","speakers":2},"items":[{"id":0,"type":"pronunciation",\
"alternatives":[{"confidence":"0.99","content":"I've"}],"start_time":"4.87","end_time":"5.02",\
"speaker_label":"spk_0"}],"audio_segments":[{"id":0,"transcript":"I've been unwell.",\
"start_time":"4.87","end_time":"6.88","speaker_label":"spk_0","items":[0,1,2,3]},{"id":1,\
"transcript":"Sorry.","start_time":"8.49","end_time":"9.24","speaker_label":"spk_1",\
"items":[4,5]}]}}"""

TRANSCRIBE_CHANNELS = """{"jobName": "my-job", "accountId": "111122223333", "results": {
 "transcripts": [{"transcript": "I've been unwell. Sorry."}],
 "channel_labels": {"channels": [
  {"channel_label": "ch_0", "items": [
   {"channel_label": "ch_0", "start_time": "4.86", "end_time": "5.01", "alternatives": [
    {"confidence": "1.0", "content": "Unwell"}], "type": "pronunciation"},
   {"channel_label": "ch_0", "alternatives": [
    {"confidence": "0.0", "content": "."}], "type": "punctuation"},
   {"channel_label": "ch_0", "start_time": "10.0", "end_time": "10.5", "alternatives": [
    {"confidence": "1.0", "content": "Yes"}], "type": "pronunciation"}]},
  {"channel_label": "ch_1", "items": [
   {"channel_label": "ch_1", "start_time": "8.5", "end_time": "8.89", "alternatives": [
    {"confidence": "1.0", "content": "Sorry"}], "type": "pronunciation"},
   {"channel_label": "ch_1", "alternatives": [
    {"confidence": "0.0", "content": "."}], "type": "punctuation"}]}],
  "number_of_channels": 2}, "items": []}, "status": "COMPLETED"}
"""

ALL = {
    "GMT20240305-101500_Recording.transcript.vtt": ZOOM_VTT,
    "teams.vtt": TEAMS_VTT,
    "webex.vtt": WEBEX_VTT,
    "stream.vtt": STREAM_VTT,
    "subtitles.srt": SRT,
    "chat.sbv": MEET_SBV,
    "2020/meeting_saved_chat.txt": CHAT_2020,
    "2021/meeting_saved_chat.txt": CHAT_2021,
    "2024/meeting_saved_new_chat.txt": CHAT_2024,
    "GMT20240307-101500_RecordingnewChat.txt": CHAT_CLOUD,
    "participants_85512345678.csv": ZOOM_PARTICIPANTS,
    "participants_85512345679.csv": ZOOM_PARTICIPANTS_ALONE,
    "participants_85512345670.csv": ZOOM_PARTICIPANTS_NOW,
    "participants_85512345671.csv": ZOOM_PARTICIPANTS_SPANISH,
    "attendee_85512345672.csv": ZOOM_WEBINAR,
    "meetinglist.csv": ZOOM_MEETINGS,
    "meetings_with_people.csv": ZOOM_MEETINGS_AND_PEOPLE,
    "teams_2024.csv": TEAMS_2024,
    "teams_2021.csv": TEAMS_2021,
    "teams_2020.csv": TEAMS_2020,
    "2024-03-05 10-00 Review - Attendance report.csv": MEET_ATTENDANCE,
    "meet.txt": MEET_DOCUMENT,
    "otter.txt": OTTER,
    "teams_document.txt": TEAMS_DOCUMENT,
    "teams_document_2023.txt": TEAMS_DOCUMENT_2023,
    "stamped.txt": STAMPED,
    "WhatsApp Chat - Sam Lee/_chat.txt": WHATSAPP_IOS,
    "WhatsApp Chat with Care of Sam.txt": WHATSAPP_ANDROID,
    "us/_chat.txt": WHATSAPP_US,
    "inbox/renelee_1015/message_1.json": MESSENGER,
    "inbox/renelee_1015/message_2.json": MESSENGER_OLDER,
    "messages/Sam Lee_40.json": MESSENGER_ENCRYPTED,
    "Call history.csv": IMAZING_CALLS,
    "calls_android.csv": ANDROID_CALLS,
    "CallLog_20240325.csv": TELEPHONE_CALLS,
    "notes/2024-03-25 10-16 +44 7700 900123.txt": CALL_NOTE,
    "whisper.json": WHISPER,
    "whisperx.json": WHISPERX,
    "ggml.json": WHISPER_CPP,
    "faster.json": FASTER_WHISPER,
    "asrOutput_2020.json": TRANSCRIBE_2020,
    "asrOutput_2024.json": TRANSCRIBE_2024,
    "asrOutput_channels.json": TRANSCRIBE_CHANNELS,
}
"""Every sample by the name that its vendor gives such a file."""
