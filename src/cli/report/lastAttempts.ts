import { fromNow } from '../../lib/kernel/humanTime.ts';
import { isoDate } from '../../lib/kernel/instant.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import type { Colour, Paint } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** The last attempt at each grant, as anybody could ask for it in Azure. */
const LAST_ATTEMPTS = `AppEvents
| where Name == "keywatch.grant.refreshed"
| extend Credential = tostring(Properties["credentialId"])
| summarize arg_max(TimeGenerated, Properties) by Credential
| extend Outcome = tostring(Properties["outcome"]), Provider = tostring(Properties["provider"]), Seq = tostring(Properties["seq"]), Deadline = todatetime(Properties["deadline"]), Owner = tostring(Properties["owner"]), Rotated = tostring(Properties["rotated"])
| project Credential, Outcome, Provider, Seq, Deadline, Owner, Rotated
| order by Credential asc`;

const COLUMNS = [
  { heading: 'GRANT', least: 20 },
  { heading: 'OUTCOME' },
  { heading: 'PROVIDER', least: 12, dispensable: 1 },
  { heading: 'STORED AS', align: 'right', dispensable: 3 },
  { heading: 'DIES UNLESS REFRESHED' },
  { heading: 'OWNER', least: 16, dispensable: 2 },
] as const;

/** Telemetry that can be asked with KQL. */
export interface AskableTelemetry {
  query(
    kql: string,
    nowEpochMs: number,
  ): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

/** What came of the grants that were looked at, read back from the telemetry; nothing when none was. */
export const lastAttempts = async (
  store: AskableTelemetry,
  nowEpochMs: number,
  paint: Paint,
  width?: number,
): Promise<string[]> => {
  const { rows } = await store.query(LAST_ATTEMPTS, nowEpochMs);
  if (rows.length === 0) return [];
  const cells = rows.map((row): Cell[] => {
    const text = (name: string): string => printable(String(row[name] ?? ''), 48);
    const deadline = row['Deadline'];
    return [
      { text: text('Credential').replace(/^grant\//, '') },
      { text: outcomeWords(text('Outcome'), text('Rotated')), colour: colourOf(text('Outcome')) },
      { text: text('Provider') },
      { text: text('Seq') === '' ? '-' : `no. ${text('Seq')}` },
      { text: typeof deadline === 'number' ? `${fromNow(deadline, nowEpochMs)}, ${isoDate(deadline)}` : '-' },
      { text: text('Owner') === '' ? '-' : text('Owner') },
    ];
  });
  return ['', ...renderTable(COLUMNS, cells, paint, width)];
};

const outcomeWords = (outcome: string, rotated: string): string =>
  outcome === 'refreshed' && rotated.toLowerCase() === 'true' ? 'refreshed, rotated' : wordsOf(outcome);

const colourOf = (outcome: string): Colour =>
  outcome === 'refreshed' || outcome === 'recovered' ? 'green' : 'red';
