import { isoSeconds } from '../kernel/instant.ts';
import { DAY_MS } from '../kernel/time.ts';
import { digestOf } from '../stores/digestOf.ts';
import { KEY_RESTS_AFTER_DAYS } from './calendarKeys.ts';
import type { BoardFacts } from './rules/boardModel.ts';
import { type CalendarEvent, iCalendarText, isCalendarInstant } from './rules/iCalendar.ts';
import { hasEnd, type Item } from './rules/items.ts';
import { NOBODY } from './rules/query.ts';
import { byUrgency } from './rules/urgency.ts';

/** Events of one calendar; the most urgent. */
export const MOST_EVENTS = 1_000;
/** How long an end stays that broke nothing, and how far ahead one is shown. */
const PAST_MS = 30 * DAY_MS;
const AHEAD_MS = 730 * DAY_MS;
/** Of what has no thresholds of its own: a consent, as the alert rule `consent-ending` has it, and once more. */
const REMIND_DAYS = [30, 7];

export interface CalendarOptions {
  /** Whose; absent: everybody's. */
  readonly owner?: string | undefined;
  /** Where the page of an item is; absent: nowhere. */
  readonly addressOf: (id: string) => string | undefined;
  /** When the address ends at which this is read, and the page that keeps it; absent: it was not read by one. */
  readonly address?: { readonly endsEpochMs: number; readonly pageUrl: string } | undefined;
}

/** The ends of what somebody owns, what is broken today, and whether that is all. */
export const calendarText = (facts: BoardFacts, options: CalendarOptions): string => {
  const { owner, addressOf } = options;
  const { nowEpochMs } = facts;
  const theirs = facts.items.filter((item) => owner === undefined || (item.owner ?? NOBODY) === owner);
  const shown = theirs.toSorted(byUrgency).flatMap((item) => eventOf(item, nowEpochMs, addressOf));
  return iCalendarText({
    name: owner === undefined ? 'Keywatch' : `Keywatch: ${owner}`,
    nowEpochMs,
    events: [
      ...shown.slice(0, MOST_EVENTS),
      ...gapEvent(facts, Math.max(0, shown.length - MOST_EVENTS)),
      ...(theirs.length === 0 && owner !== undefined ? [nothingEvent(owner, nowEpochMs)] : []),
      ...addressEvent(options),
    ],
  });
};

const uidOf = (what: string): string => `${digestOf(what)}@keywatch`;

const eventOf = (
  item: Item,
  nowEpochMs: number,
  addressOf: CalendarOptions['addressOf'],
): CalendarEvent[] => {
  const { id, name, where, words, meaning, mark, action, owner, runbook, reconnectUrl } = item;
  const end = item.endsEpochMs ?? Number.NaN;
  const isShown = hasEnd(item) && end > nowEpochMs - PAST_MS && end < nowEpochMs + AHEAD_MS;
  if (!item.isBroken && !(isShown && isCalendarInstant(end))) return [];
  return [
    {
      uid: uidOf(id),
      // What is broken stands on today until it is mended.
      ...(item.isBroken ? { atEpochMs: nowEpochMs, isAllDay: true } : { atEpochMs: end }),
      summary: item.isBroken
        ? `${mark} ${name}: ${words} (${where})`
        : `${mark} ${name} ${end <= nowEpochMs ? 'ended' : 'ends'} (${where})`,
      description: [
        `${words}: ${meaning}`,
        ...(action === undefined ? [] : [action]),
        ...(isCalendarInstant(end) ? [`End: ${isoSeconds(end)}`] : []),
        `Owner: ${owner ?? 'nobody'}`,
        ...(runbook === undefined ? [] : [`Runbook: ${runbook}`]),
        ...(reconnectUrl === undefined ? [] : [`Consent again: ${reconnectUrl}`]),
        id,
      ],
      url: addressOf(id),
      alarmsMs: item.isBroken ? [] : alarmsOf(item, end),
    },
  ];
};

const alarmsOf = ({ credential }: Item, end: number): number[] =>
  credential === undefined
    ? REMIND_DAYS.map((days) => days * DAY_MS)
    : [...new Set([credential.warningAtEpochMs, credential.criticalAtEpochMs])].flatMap((at) =>
        at === undefined ? [] : [end - at],
      );

/** A calendar that lacks something says so today: an empty one would look like health. */
const gapEvent = (facts: BoardFacts, cut: number): CalendarEvent[] => {
  const { nowEpochMs, coverage, omitted } = facts;
  const unseen = coverage.filter(({ severity }) => severity !== 'ok').length;
  const description = [
    ...(unseen === 0
      ? []
      : [`${unseen} of ${coverage.length} targets and jobs were not seen lately: look at the board.`]),
    ...(omitted === 0 ? [] : [`${omitted} credentials, the least urgent of all, were not looked at.`]),
    ...(cut === 0 ? [] : [`${cut} further ends do not fit.`]),
  ];
  if (description.length === 0) return [];
  const summary = '▲ Keywatch: this calendar is not whole';
  return [{ uid: uidOf('gap'), atEpochMs: nowEpochMs, isAllDay: true, summary, description, alarmsMs: [] }];
};

/** Whoever was called so may be called otherwise by now, and their ends stand in no calendar. */
const nothingEvent = (owner: string, nowEpochMs: number): CalendarEvent => ({
  ...{ uid: uidOf(`nothing of ${owner}`), atEpochMs: nowEpochMs, isAllDay: true, alarmsMs: [] },
  summary: `▲ Keywatch: nothing is known to belong to ${owner}`,
  description: [
    'Nothing that Keywatch has seen has this owner now: look on the board whose it is, and subscribe to the calendar of that owner.',
  ],
});

const ADDRESS = 'address of';

const addressEvent = ({ address, owner = '' }: CalendarOptions): CalendarEvent[] =>
  address === undefined
    ? []
    : [
        {
          uid: uidOf(`${ADDRESS} ${owner}`),
          atEpochMs: address.endsEpochMs,
          summary: '▲ Keywatch: the address of this calendar ends',
          description: [
            `Open the board before then: whoever is let in keeps their address for ${KEY_RESTS_AFTER_DAYS} days more.`,
            'After a year have a new one made, and subscribe to that.',
          ],
          url: address.pageUrl,
          alarmsMs: REMIND_DAYS.map((days) => days * DAY_MS),
        },
      ];

/** The calendar of an address whose person was not let in for long: an empty one would look like health. */
export const restingCalendarText = (owner: string, pageUrl: string, nowEpochMs: number): string =>
  iCalendarText({
    name: `Keywatch: ${owner}`,
    nowEpochMs,
    events: [
      {
        uid: uidOf(`${ADDRESS} ${owner}`),
        ...{ atEpochMs: nowEpochMs, isAllDay: true, url: pageUrl, alarmsMs: [] },
        summary: '▲ Keywatch: this calendar has ended',
        description: [
          `Its person did not open the board for ${KEY_RESTS_AFTER_DAYS} days, so it shows nothing of what ends.`,
          `Open ${pageUrl}: whoever may still read there has it back.`,
        ],
      },
    ],
  });
