import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import type { AskableTelemetry } from './lastAttempts.ts';
import type { Paint } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** What came last of proving each client, as anybody could ask for it in Azure. */
const LAST_PROOFS = `AppEvents
| where Name == "keywatch.credential.proved"
| extend Credential = tostring(Properties["credentialId"])
| summarize arg_max(TimeGenerated, Properties) by Credential
| extend Outcome = tostring(Properties["outcome"]), Status = tostring(Properties["httpStatus"]), Findings = tostring(Properties["findings"]), WhoActs = tostring(Properties["whoActs"]), Owner = tostring(Properties["owner"])
| project Credential, Outcome, Status, Findings, WhoActs, Owner
| order by Credential asc`;

const COLUMNS = [
  { heading: 'PROVEN', least: 20 },
  { heading: 'OUTCOME' },
  { heading: 'HTTP', align: 'right' },
  { heading: 'TO ACT', dispensable: 2 },
  { heading: 'OWNER', least: 16, dispensable: 1 },
  { heading: 'FINDINGS', dispensable: 3 },
] as const;

/** What came of the clients that were proven, read back from the telemetry; nothing when none was. */
export const lastProofs = async (
  store: AskableTelemetry,
  nowEpochMs: number,
  paint: Paint,
  width?: number,
): Promise<string[]> => {
  const { rows } = await store.query(LAST_PROOFS, nowEpochMs);
  if (rows.length === 0) return [];
  const cells = rows.map((row): Cell[] => {
    const text = (name: string): string => printable(String(row[name] ?? ''), 48) || '-';
    const outcome = text('Outcome');
    return [
      { text: text('Credential') },
      { text: wordsOf(outcome), colour: outcome === 'proven' ? 'green' : 'red' },
      { text: text('Status') },
      { text: text('WhoActs') },
      { text: text('Owner') },
      { text: text('Findings') },
    ];
  });
  return ['', ...renderTable(COLUMNS, cells, paint, width)];
};
