import { firstNamed } from '../../kernel/firstNamed.ts';
import { fromNow } from '../../kernel/humanTime.ts';
import { isInstant, isoSeconds } from '../../kernel/instant.ts';
import { printable } from '../../kernel/printable.ts';
import { type Html, html, link } from '../../web/html.ts';
import { pathOf } from '../../web/rules/routes.ts';
import type { BoardModel } from '../rules/boardModel.ts';
import type { Coverage } from '../rules/coverage.ts';
import type { Item } from '../rules/items.ts';
import { addressOf, type Query } from '../rules/query.ts';

/** Where the parts of a page lead; absent: nowhere, as in a file that is sent to somebody. */
export interface Places {
  list(query: Partial<Query>): string | undefined;
  item(id: string): string | undefined;
  /** An address as a link has it: one of this app is a path of ours, which in local mode is not https. */
  ours(address: string): string;
  runbook(rule: string): string | undefined;
  readonly workbook?: string | undefined;
  calendar(owner: string): string | undefined;
}

export const PATHS = {
  board: pathOf('board'),
  item: pathOf('boardItem'),
  owners: pathOf('boardOwners'),
  findings: pathOf('boardFindings'),
  calendar: pathOf('boardCalendar'),
  status: pathOf('status'),
} as const;

/** Where the page of an item is. @param window the part of the state that it is in */
export const itemPath = (id: string, window = 1): string =>
  `${PATHS.item}?${new URLSearchParams({ id, ...(window > 1 ? { window: String(window) } : {}) })}`;

export const calendarPath = (owner: string): string => pathOf('calendar', { owner: `${owner}.ics` });

/** Where somebody gets the address of the calendar of an owner. */
export const calendarPagePath = (owner: string): string =>
  `${PATHS.calendar}?${new URLSearchParams({ owner })}`;

export interface ServerOptions {
  readonly publicUrl: string | undefined;
  readonly runbookBaseUrl: string | undefined;
  readonly workbookUrl: string | undefined;
  /** The part of the state that is looked at. */
  readonly window: number;
}

export const placesOnServer = ({
  publicUrl,
  runbookBaseUrl,
  workbookUrl,
  window,
}: ServerOptions): Places => ({
  list: (query) => addressOf(PATHS.board, query),
  item: (id) => itemPath(id, window),
  ours: (address) =>
    publicUrl !== undefined && address.startsWith(`${publicUrl}/`)
      ? address.slice(publicUrl.length)
      : address,
  runbook: (rule) => runbookBaseUrl && `${runbookBaseUrl}infra/alerts/${rule}/runbook.md`,
  workbook: workbookUrl,
  calendar: calendarPagePath,
});

export const NO_PLACES: Places = {
  list: () => undefined,
  item: () => undefined,
  ours: (address) => address,
  runbook: () => undefined,
  calendar: () => undefined,
};

/** What a page lacks: half of all would look like health. */
export const notesOf = ({ notes }: Pick<BoardModel, 'notes'>): readonly Html[] =>
  notes.map((note) => html`<p class="warning">▲ ${note}</p>`);

const MOST_NAMED = 3;

/** The same, and what is not seen, where no card says it: what is not listed may be there all the same. */
export const gapsOf = ({ notes, unseen }: Pick<BoardModel, 'notes' | 'unseen'>): readonly Html[] => {
  const places = unseen.map(({ what }) => what);
  return [
    ...notesOf({ notes }),
    ...(unseen.length === 0
      ? []
      : [
          html`<p class="warning">▲ Not seen whole: ${firstNamed(places, MOST_NAMED)}. What is there may be missing here, or old: ${link('what Keywatch sees', `${PATHS.board}#seen`)}.</p>`,
        ]),
  ];
};

/** A text of others, as long as a row bears. */
export const short = (text: string): string => printable(text, 100);

/** How far away an instant is, and which it is in UTC; a script of the page adds the reader's own time. */
export const timeOf = (epochMs: number | undefined, nowEpochMs: number): Html => {
  if (epochMs === undefined || !isInstant(epochMs)) return html`-`;
  return html`<span class="when">${fromNow(epochMs, nowEpochMs)}</span> <span class="soft">${utcOf(epochMs)}</span>`;
};

export const utcOf = (epochMs: number): Html => {
  const iso = isoSeconds(epochMs);
  return html`<time datetime="${iso}">${iso.replace('T', ' ').replace(/:\d\dZ$/, ' UTC')}</time>`;
};

/** The mark and the words carry the meaning; colour repeats it. */
export const standing = ({ severity, mark, words }: Pick<Item, 'severity' | 'mark' | 'words'>): Html =>
  html`<span class="${severity}"><span class="mark" aria-hidden="true">${mark}</span> ${words}</span>`;

export const itemLink = ({ id, name }: Pick<Item, 'id' | 'name'>, places: Places): Html =>
  link(short(name), places.item(id));

export const ownerLink = (owner: string | undefined, places: Places): Html =>
  owner === undefined
    ? html`<span class="soft">nobody is named</span>`
    : link(short(owner), places.list({ owner }));

/** A sentence of ours, with its code between backticks. */
export const prose = (text: string): Html =>
  html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;

/** Words that others follow. */
export const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`);

/** When a page was made: what it says of now is of then. */
export const asOf = (nowEpochMs: number): Html => html`<p class="soft">As of ${utcOf(nowEpochMs)}.</p>`;

/** What to do about what is not seen, and the runbook for it. */
export const actionOf = ({ action, rule }: Pick<Coverage, 'action' | 'rule'>, places: Places): Html => {
  const runbook = rule === undefined ? undefined : places.runbook(rule);
  return html`${action !== undefined && html` <em>${action}</em>`}${runbook !== undefined && html` ${link('Runbook', runbook)}`}`;
};
