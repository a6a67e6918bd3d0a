"""Messages that cannot be handled: set aside, announced, and answered if somebody waits."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from aiokafka import ConsumerRecord

from contracts.base import derive_id
from contracts.dead_letter import MessageDeadLettered
from contracts.problems import INTERNAL_ERROR
from messaging import envelope, inbox, operations
from messaging.principals import subject_of
from messaging.work import Submission, Work

# A message that failed before is the same dead letter, appended when its first copy was; one that
# was replayed is open again.
_SAVE: Final = """
INSERT INTO dead_letters (id, topic, partition, "offset", appended_at, key, message_id, type,
                          header_names, header_values, body, reason, detail)
SELECT letter.id, letter.topic, letter.partition, letter."offset", letter.appended_at, letter.key,
       letter.message_id, letter.type, headers.names, headers.values, letter.body,
       letter.reason, letter.detail
FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::bigint[], $5::timestamptz[], $6::bytea[],
            $7::uuid[], $8::text[], $9::bytea[], $10::text[], $11::text[])
     WITH ORDINALITY AS letter (id, topic, partition, "offset", appended_at, key, message_id, type,
                                body, reason, detail, number)
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(header.name ORDER BY header.number), '{}') AS names,
           coalesce(array_agg(header.value ORDER BY header.number), '{}') AS values
    FROM unnest($12::bigint[], $13::text[], $14::bytea[])
         WITH ORDINALITY AS header (letter, name, value, number)
    WHERE header.letter = letter.number
) AS headers
ORDER BY letter.id
ON CONFLICT (id) DO UPDATE
SET partition = excluded.partition, "offset" = excluded."offset",
    reason = excluded.reason, detail = excluded.detail,
    state = CASE dead_letters.state WHEN 'replayed' THEN 'open' ELSE dead_letters.state END,
    at = now()
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A record and why it cannot be handled.

    The first line of `detail` is public, so it holds nothing of the message's body.
    """

    record: ConsumerRecord[bytes, bytes]
    reason: str
    detail: str

    @property
    def message_id(self) -> UUID | None:
        """The id in its headers, if there is a readable one."""
        return self._id(envelope.ID)

    @property
    def subject(self) -> UUID | None:
        """The id of what it is about, if its headers have a readable one."""
        return self._id(envelope.SUBJECT)

    @property
    def type(self) -> str | None:
        """The type in its headers, if there is a readable one."""
        return self.header(envelope.TYPE)

    @property
    def id(self) -> UUID:
        """The same for every copy of the message."""
        name = self.message_id or self.place
        return uuid5(NAMESPACE_OID, f"{self.record.topic}/{name}")

    @property
    def place(self) -> str:
        """Where in the topic this copy lies; the time tells two clusters apart."""
        return f"{self.record.partition}/{self.record.offset}/{self.record.timestamp}"

    @property
    def submission(self) -> Submission | None:
        """What somebody waits for an answer to, if it is a command that says so."""
        command_id, request_hash = self.message_id, self.header(envelope.REQUEST_HASH)
        if not self.record.topic.endswith(envelope.COMMANDS) or not command_id or not request_hash:
            return None
        return Submission(command_id, request_hash, subject_of(self.header(envelope.PRINCIPAL)))

    @property
    def public_detail(self) -> str:
        """What may be told outside of the service's database."""
        return self.detail.partition("\n")[0]

    def header(self, name: str) -> str | None:
        """Return a header's text, if it is there and readable."""
        for key, value in self.record.headers:
            if key == name:
                return envelope.text_of(value)
        return None

    def _id(self, header: str) -> UUID | None:
        try:
            return UUID(self.header(header) or "")
        except ValueError:
            return None


def letter_about(record: ConsumerRecord[bytes, bytes], error: BaseException) -> Letter:
    """Make the letter for a message whose handling failed."""
    lines = [type(error).__name__, *traceback.format_exception(error)]
    return Letter(record, "failed", "\n".join(line.rstrip() for line in lines))


async def bury(work: Work, letters: Sequence[Letter], *, service: str) -> list[Letter]:
    """Store and announce the letters, and answer the commands among them.

    A command that was answered before is none of them. Returns the letters that were buried.
    """
    submissions = [one.submission for one in letters]
    claimed = await inbox.claim(
        work.transaction, submissions=[one for one in submissions if one is not None]
    )
    await operations.answer_again(work, claimed.again)
    buried: dict[UUID, Letter] = {}
    for letter, submission in zip(letters, submissions, strict=True):
        if submission is None or submission.command_id in claimed.commands:
            buried.setdefault(letter.id, letter)
        if submission is not None and submission.command_id in claimed.commands:
            work.refuse(submission.command_id, INTERNAL_ERROR.problem(_PROBLEM_DETAIL))
    await _save(work, list(buried.values()))
    for letter in buried.values():
        _announce(work, letter, service)
    return list(buried.values())


_PROBLEM_DETAIL: Final = "The request was received but could not be carried out; it is kept."


def _announce(work: Work, letter: Letter, service: str) -> None:
    announcement = MessageDeadLettered(
        dead_letter_id=letter.id,
        service=service,
        topic=letter.record.topic,
        partition=letter.record.partition,
        offset=letter.record.offset,
        message_type=letter.type,
        message_subject=letter.subject,
        reason=letter.reason,
        detail=letter.public_detail,
        at=work.now,
    )
    announcement_id = derive_id(letter.id, MessageDeadLettered.type, letter.place)
    work.say(announcement_id, announcement, cause=letter.id)


async def _save(work: Work, letters: Sequence[Letter]) -> None:
    headers = [
        (number, _storable(name), value)
        for number, letter in enumerate(letters, start=1)
        for name, value in letter.record.headers
    ]
    records = [letter.record for letter in letters]
    await work.transaction.execute(
        _SAVE,
        [letter.id for letter in letters],
        [record.topic for record in records],
        [record.partition for record in records],
        [record.offset for record in records],
        [datetime.fromtimestamp(record.timestamp / 1000, UTC) for record in records],
        [record.key for record in records],
        [letter.message_id for letter in letters],
        [letter.type for letter in letters],
        [record.value for record in records],
        [letter.reason for letter in letters],
        [_storable(letter.detail) for letter in letters],
        [number for number, _, _ in headers],
        [name for _, name, _ in headers],
        [value for _, _, value in headers],
    )


def _storable(text: str) -> str:
    """Postgres has no NUL in its texts."""
    return text.encode(errors="replace").decode().replace("\x00", "\ufffd")
