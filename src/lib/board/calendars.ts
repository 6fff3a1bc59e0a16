import { csrfField, isOwnForm } from '../callers/csrf.ts';
import type { Caller } from '../callers/rules/caller.ts';
import { foreignFormPage } from '../callers/signInPages.ts';
import type { Clock } from '../kernel/clock.ts';
import { printable } from '../kernel/printable.ts';
import { type Html, html } from '../web/html.ts';
import { type PageAnswer, textAnswer } from '../web/page.ts';
import type { BoardRequest } from './board.ts';
import { type CalendarKey, calendarKeys, goodUntil, KEY_LIVES_MS, keyAmong } from './calendarKeys.ts';
import { calendarReaders } from './calendarReaders.ts';
import { calendarText, restingCalendarText } from './calendarText.ts';
import type { Gathered } from './gatherFacts.ts';
import type { PieceStore } from './ports.ts';
import { I_CALENDAR_TYPE } from './rules/iCalendar.ts';
import { NOBODY } from './rules/query.ts';
import { calendarView } from './views/calendar.ts';
import { calendarPagePath, calendarPath, itemPath, PATHS } from './views/parts.ts';

/** Calendars of what owners have, for those who may read and for the addresses that they had made. */
export interface Calendars {
  /** The calendar of an owner as a file. */
  calendar(owner: string): Promise<PageAnswer>;
  /** The same for whoever has a key of it. */
  calendarByKey(owner: string, key: string): Promise<PageAnswer>;
  calendarPage(request: BoardRequest, by: Caller): Promise<PageAnswer>;
  /** Makes an address for whoever asks, or ends all of them. */
  changeCalendar(request: BoardRequest, by: Caller): Promise<PageAnswer>;
  /** Keeps the addresses of whoever was let in: they rest when their person is not for long. Never rejects. */
  noteReader(by: Caller): Promise<void>;
}

export interface CalendarsOptions {
  /** Whether an address is good for anything: whether anybody may call at all. */
  readonly isOpen: boolean;
  readonly publicUrl: string | undefined;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly state: PieceStore;
  /** All that an owner has, or why that is not to be had. */
  gather(owner: string): Promise<Gathered>;
  page(title: string, main: Html, request: BoardRequest, status?: number): PageAnswer;
}

/** Whoever asks may be anybody: why is for those who read telemetry. */
const cannotRead = (): PageAnswer => textAnswer('The calendar cannot be read just now.\n', 503);

/** @see docs/threat-model.md for what an address is good for */
export const createCalendars = ({
  isOpen,
  publicUrl,
  clock,
  state,
  gather,
  page,
}: CalendarsOptions): Calendars => {
  const stored = calendarKeys(state);
  const readers = calendarReaders(state, clock);
  const pageOf = (owner: string): string => `${publicUrl ?? ''}${calendarPagePath(owner)}`;

  const answer = async (owner: string, addressEndsEpochMs?: number): Promise<PageAnswer> => {
    const { facts, gap } = await gather(owner);
    // A client that is given half of the events forgets the others.
    if (gap !== undefined) return textAnswer(`${gap}\n`, 503);
    const isKnown = facts.items.some((item) => (item.owner ?? NOBODY) === owner);
    if (!isKnown && addressEndsEpochMs === undefined)
      return textAnswer('Nothing belongs to an owner of this name; the page of the owners has all.\n', 404);
    const addressOf = (id: string) => publicUrl && `${publicUrl}${itemPath(id)}`;
    const address =
      addressEndsEpochMs === undefined
        ? undefined
        : { endsEpochMs: addressEndsEpochMs, pageUrl: pageOf(owner) };
    return textAnswer(calendarText(facts, { owner, addressOf, address }), 200, I_CALENDAR_TYPE);
  };

  const answerKey = async (owner: string, key: CalendarKey): Promise<PageAnswer> => {
    const seen = await readers.lastSeen(key.by);
    if (!seen.ok) return cannotRead();
    // Somebody removed the note, and visits count only where there is one.
    if (seen.seenEpochMs === undefined) await readers.begin(key.by, key.sinceEpochMs);
    const endsEpochMs = goodUntil(key, seen.seenEpochMs);
    const nowEpochMs = clock.nowEpochMs();
    if (nowEpochMs < endsEpochMs) return answer(owner, endsEpochMs);
    return textAnswer(restingCalendarText(owner, pageOf(owner), nowEpochMs), 200, I_CALENDAR_TYPE);
  };

  const view = (
    request: BoardRequest,
    by: Caller,
    { owner, keys, address }: { owner: string; keys: readonly CalendarKey[]; address?: string },
  ): PageAnswer => {
    const own = keys.find((one) => one.by === by.objectId);
    const main = calendarView({
      ...{ owner, address, nowEpochMs: clock.nowEpochMs(), keys: keys.length },
      // Whoever sees this page is let in just now.
      ownEndsEpochMs: own && goodUntil(own, clock.nowEpochMs()),
      ownLastEpochMs: own && own.sinceEpochMs + KEY_LIVES_MS,
      csrf: csrfField(request.cookies),
    });
    return page('Calendar', main, request);
  };

  const refuse = (problem: string, request: BoardRequest, status: number): PageAnswer =>
    page('Calendar', html`<h1>Calendar</h1><p>${problem}</p>`, request, status);

  return {
    calendar: (owner) => answer(owner),
    noteReader: readers.note,

    async calendarByKey(owner, key) {
      const known = await stored.read(owner, clock.nowEpochMs());
      if (!known.ok) return cannotRead();
      const found = isOpen ? keyAmong(known.keys, key) : undefined;
      if (found !== undefined) return answerKey(owner, found);
      return textAnswer(
        `There is no calendar at this address, or not any more. Have a new one made: ${publicUrl ?? ''}${PATHS.owners}\n`,
        404,
      );
    },

    async calendarPage(request, by) {
      const owner = request.parameters.get('owner') ?? '';
      if (owner === '') return refuse('"owner" is missing: the page of the owners leads here.', request, 400);
      const known = await stored.read(owner, clock.nowEpochMs());
      if (!known.ok) return refuse(`${known.message} ${known.action}`, request, 503);
      return view(request, by, { owner, keys: known.keys });
    },

    async changeCalendar(request, by) {
      const { parameters: form, cookies } = request;
      const owner = form.get('owner') ?? '';
      if (by.via === 'session' && !isOwnForm(cookies, form))
        return foreignFormPage(cookies, calendarPagePath(owner));
      const change = form.get('change') ?? '';
      if (change !== 'make' && change !== 'end')
        return refuse(`"change" is "${printable(change)}"; allowed: make, end.`, request, 400);
      if (publicUrl === undefined)
        return refuse('KEYWATCH_PUBLIC_URL is not set: nobody knows the address.', request, 503);
      if (change === 'end') {
        const ended = await stored.end(owner);
        if (!ended.ok) return refuse(`${ended.message} ${ended.action}`, request, 503);
        return view(request, by, { owner, keys: [] });
      }
      const begun = await readers.begin(by.objectId);
      const made = begun.ok ? await stored.make(owner, by.objectId, clock.nowEpochMs()) : begun;
      const known = made.ok ? await stored.read(owner, clock.nowEpochMs()) : made;
      if (!made.ok || !known.ok) return refuse('The address could not be kept: try again.', request, 503);
      const address = `${publicUrl}${calendarPath(owner)}?key=${made.key}`;
      return view(request, by, { owner, keys: known.keys, address });
    },
  };
};
