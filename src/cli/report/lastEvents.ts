import { fromNow } from '../../lib/kernel/humanTime.ts';
import { isoDate } from '../../lib/kernel/instant.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import type { EventName } from '../../lib/telemetry/catalog.ts';
import type { Paint } from './style.ts';
import { type Cell, type Column, renderTable } from './table.ts';

/** Telemetry that can be asked with KQL. */
interface AskableTelemetry {
  query(
    kql: string,
    nowEpochMs: number,
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

/** The attributes of an event; `-` and `undefined` for one that is absent. */
interface Attributes {
  text(name: string): string;
  epochMs(name: string): number | undefined;
}

/** A table with a line for each credential: the last event of that name about it. */
interface LastEvents {
  readonly event: EventName;
  /** An outcome that says nothing new. */
  readonly passedOver?: string;
  readonly columns: readonly Column[];
  readonly cells: (of: Attributes, nowEpochMs: number) => Cell[];
}

const outcomeCell = (outcome: string, isGood: boolean): Cell => ({
  text: wordsOf(outcome),
  colour: isGood ? 'green' : 'red',
});

const ATTEMPTS: LastEvents = {
  event: 'keywatch.grant.refreshed',
  columns: [
    { heading: 'GRANT', least: 20 },
    { heading: 'OUTCOME' },
    { heading: 'PROVIDER', least: 12, dispensable: 1 },
    { heading: 'STORED AS', align: 'right', dispensable: 3 },
    { heading: 'DIES UNLESS REFRESHED' },
    { heading: 'OWNER', least: 16, dispensable: 2 },
  ],
  cells({ text, epochMs }, nowEpochMs) {
    const [outcome, seq, deadline] = [text('outcome'), text('seq'), epochMs('deadline')];
    const isRotated = outcome === 'refreshed' && text('rotated') === 'true';
    return [
      { text: text('credentialId').replace(/^grant\//, '') },
      outcomeCell(isRotated ? 'refreshed, rotated' : outcome, ['refreshed', 'recovered'].includes(outcome)),
      { text: text('provider') },
      { text: seq === '-' ? seq : `no. ${seq}` },
      { text: deadline === undefined ? '-' : `${fromNow(deadline, nowEpochMs)}, ${isoDate(deadline)}` },
      { text: text('owner') },
    ];
  },
};

const PROOFS: LastEvents = {
  event: 'keywatch.credential.proved',
  columns: [
    { heading: 'PROVEN', least: 20 },
    { heading: 'OUTCOME' },
    { heading: 'HTTP', align: 'right' },
    { heading: 'TO ACT', dispensable: 2 },
    { heading: 'OWNER', least: 16, dispensable: 1 },
    { heading: 'FINDINGS', dispensable: 3 },
  ],
  cells: ({ text }) => [
    { text: text('credentialId') },
    outcomeCell(text('outcome'), text('outcome') === 'proven'),
    ...['httpStatus', 'whoActs', 'owner', 'findings'].map((name) => ({ text: text(name) })),
  ],
};

const ROTATIONS: LastEvents = {
  event: 'keywatch.rotation.advanced',
  passedOver: 'current',
  columns: [
    { heading: 'ROTATED', least: 20 },
    { heading: 'OUTCOME' },
    { heading: 'REASON', dispensable: 3 },
    { heading: 'IN THE VAULT AS' },
    { heading: 'ENDS', dispensable: 1 },
    { heading: 'OWNER', least: 16, dispensable: 2 },
  ],
  cells({ text, epochMs }) {
    const [ends, lastUsed] = [epochMs('endsOn'), epochMs('lastUsedOn')];
    return [
      { text: text('credentialId') },
      outcomeCell(text('outcome'), !['failed', 'taken_back'].includes(text('outcome'))),
      { text: lastUsed === undefined ? text('reason') : `last used ${isoDate(lastUsed)}` },
      { text: text('name') },
      { text: ends === undefined ? '-' : isoDate(ends) },
      { text: text('owner') },
    ];
  },
};

const LAST_EVENTS = [ATTEMPTS, PROOFS, ROTATIONS];

const queryOf = ({ event, passedOver = '' }: LastEvents) => `AppEvents
| where Name == "${event}" and tostring(Properties["outcome"]) != "${passedOver}"
| extend Credential = tostring(Properties["credentialId"])
| summarize arg_max(TimeGenerated, Properties) by Credential
| order by Credential asc`;

/** What {@link lastEvents} asks for. */
export const lastEventsQueries: readonly string[] = LAST_EVENTS.map(queryOf);

const attributesOf = (properties: Readonly<Record<string, unknown>>): Attributes => ({
  text: (name) => printable(String(properties[name] ?? ''), 48) || '-',
  epochMs: (name) => (properties[name] === undefined ? undefined : Date.parse(String(properties[name]))),
});

/** What came last of grants, proofs and rotations, as anybody could ask for it in Azure; nothing of what there is none of. */
export const lastEvents = async (
  store: AskableTelemetry,
  nowEpochMs: number,
  paint: Paint,
  width?: number,
): Promise<string[]> => {
  const lines: string[] = [];
  for (const last of LAST_EVENTS) {
    const { columns, cells } = last;
    const { rows } = await store.query(queryOf(last), nowEpochMs);
    const shown = rows.map(({ Properties }) => cells(attributesOf(Object(Properties)), nowEpochMs));
    if (shown.length > 0) lines.push('', ...renderTable(columns, shown, paint, width));
  }
  return lines;
};
