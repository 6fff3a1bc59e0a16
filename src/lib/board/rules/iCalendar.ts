import { isoDate, isoSeconds } from '../../kernel/instant.ts';
import { printable } from '../../kernel/printable.ts';
import { MINUTE_MS } from '../../kernel/time.ts';

/** One event, of no length: it takes up nobody's time. */
export interface CalendarEvent {
  /** Stable for what the event is about, however it changes. */
  readonly uid: string;
  readonly atEpochMs: number;
  /** The whole day in UTC instead of the instant. */
  readonly isAllDay?: boolean | undefined;
  readonly summary: string;
  readonly description: readonly string[];
  readonly url?: string | undefined;
  /** How long before it a calendar reminds people. */
  readonly alarmsMs: readonly number[];
}

export interface Calendar {
  readonly name: string;
  /** When it was made. */
  readonly nowEpochMs: number;
  readonly events: readonly CalendarEvent[];
}

export const I_CALENDAR_TYPE = 'text/calendar; charset=utf-8';

/** Longer texts of others are cut. */
const LONGEST_TEXT = 400;
const LONGEST_LINE_OCTETS = 75;
/** How often a client that asks by itself should ask. */
const EVERY = 'PT1H';

/** @see RFC 5545, and RFC 7986 for its name and how often to ask */
export const iCalendarText = ({ name, nowEpochMs, events }: Calendar): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Keywatch//Keywatch//EN',
    'METHOD:PUBLISH',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    `REFRESH-INTERVAL;VALUE=DURATION:${EVERY}`,
    `X-PUBLISHED-TTL:${EVERY}`,
    ...events.flatMap((event) => eventLines(event, nowEpochMs)),
    'END:VCALENDAR',
  ]
    .map((line) => `${folded(line)}\r\n`)
    .join('');

/** The last instant that the four digits of a year can say. */
const LAST_EPOCH_MS = Date.parse('9999-12-31T23:59:59Z');

/** Whether a calendar can have an event then. */
export const isCalendarInstant = (epochMs: number): boolean => epochMs >= 0 && epochMs <= LAST_EPOCH_MS;

const eventLines = (event: CalendarEvent, nowEpochMs: number): string[] => {
  const { uid, atEpochMs, isAllDay, summary, description, url, alarmsMs } = event;
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${basic(isoSeconds(nowEpochMs))}`,
    isAllDay ? `DTSTART;VALUE=DATE:${basic(isoDate(atEpochMs))}` : `DTSTART:${basic(isoSeconds(atEpochMs))}`,
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${description.map(escaped).join('\\n')}`,
    ...(url === undefined ? [] : [`URL:${url}`]),
    'TRANSP:TRANSPARENT',
    ...alarmsMs.filter((ms) => ms > 0).flatMap((ms) => alarmLines(ms, summary)),
    'END:VEVENT',
  ];
};

const alarmLines = (beforeMs: number, summary: string): string[] => [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  `TRIGGER:-PT${Math.ceil(beforeMs / MINUTE_MS)}M`,
  `DESCRIPTION:${escaped(summary)}`,
  'END:VALARM',
];

/** An instant as ISO 8601 has it, without what separates its parts. */
const basic = (iso: string): string => iso.replace(/[-:]/g, '');

const escaped = (text: string): string => printable(text, LONGEST_TEXT).replace(/[\\;,]/g, '\\$&');

/** A line in pieces of at most 75 octets, none of which ends within a character. */
const folded = (line: string): string => {
  let text = '';
  let octets = 0;
  for (const character of line) {
    const more = Buffer.byteLength(character);
    if (octets + more > LONGEST_LINE_OCTETS) {
      text += '\r\n ';
      octets = 1;
    }
    text += character;
    octets += more;
  }
  return text;
};
