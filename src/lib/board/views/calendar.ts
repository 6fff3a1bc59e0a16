import { counted } from '../../kernel/humanTime.ts';
import { type Html, html, link } from '../../web/html.ts';
import { calendarPath, PATHS, short, timeOf } from './parts.ts';

export interface CalendarPage {
  readonly owner: string;
  readonly nowEpochMs: number;
  /** How many people have an address of this calendar. */
  readonly keys: number;
  /** Until when the reader's own is good if they do not come again; absent: they have none. */
  readonly ownEndsEpochMs: number | undefined;
  /** And if they do. */
  readonly ownLastEpochMs: number | undefined;
  /** The address that was made just now: it is shown this once. */
  readonly address?: string | undefined;
  /** The hidden field of the forms. */
  readonly csrf: Html | undefined;
}

const form = ({ owner, csrf }: CalendarPage, change: 'make' | 'end', words: string): Html =>
  html`<form method="post" action="${PATHS.calendar}">${csrf}<input type="hidden" name="owner" value="${owner}"><input type="hidden" name="change" value="${change}"><button>${words}</button></form>`;

/** Where somebody gets the calendar of an owner. It changes nothing. */
export const calendarView = (page: CalendarPage): Html => {
  const { owner, nowEpochMs, keys, ownEndsEpochMs, ownLastEpochMs, address } = page;
  return html`<h1>Calendar of ${short(owner)}</h1>
<p>Its ends and the consents that are due, with reminders; what is broken stands on today until it is mended.</p>
${
  address !== undefined &&
  html`<h2>Your address</h2><p><code>${address}</code></p>
<p>Subscribe to it in your calendar (“from URL”). Whoever has it sees this calendar without signing in, so treat it as a password; it is not shown again. Calendars ask about once an hour to once a day, and some drop reminders of calendars that others keep.</p>`
}
<h2>Subscribe</h2>
<p>${ownEndsEpochMs === undefined ? 'You have no address of this calendar.' : html`You have an address of this calendar; it ends ${timeOf(ownEndsEpochMs, nowEpochMs)} if you do not open the board before, and ${timeOf(ownLastEpochMs, nowEpochMs)} in any case. The calendar reminds you.`}</p>
${form(page, 'make', ownEndsEpochMs === undefined ? 'Make my address' : 'Make a new one; mine ends')}
<h2>Once</h2><p>${link('As a file', calendarPath(owner))}: it does not follow what changes.</p>
${
  keys > 0 &&
  html`<h2>End all addresses</h2><p>${counted(keys, 'person has', 'people have')} one. When somebody left, or one was passed on, end them all; each makes a new one.</p>
${form(page, 'end', 'End all addresses of this calendar')}`
}`;
};
