import { isoDate } from '../../lib/kernel/instant.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import type { AskableTelemetry } from './lastAttempts.ts';
import type { Paint } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** The last turn of each rotation that did something, as anybody could ask for it in Azure. */
const LAST_ROTATIONS = `AppEvents
| where Name == "keywatch.rotation.advanced" and tostring(Properties["outcome"]) != "current"
| extend Credential = tostring(Properties["credentialId"])
| summarize arg_max(TimeGenerated, Properties) by Credential
| extend Outcome = tostring(Properties["outcome"]), SecretName = tostring(Properties["name"]), Reason = tostring(Properties["reason"]), Ends = todatetime(Properties["endsOn"]), LastUsed = todatetime(Properties["lastUsedOn"]), Owner = tostring(Properties["owner"])
| project Credential, Outcome, Reason, SecretName, Ends, LastUsed, Owner
| order by Credential asc`;

const COLUMNS = [
  { heading: 'ROTATED', least: 20 },
  { heading: 'OUTCOME' },
  { heading: 'REASON', dispensable: 3 },
  { heading: 'IN THE VAULT AS' },
  { heading: 'ENDS', dispensable: 1 },
  { heading: 'OWNER', least: 16, dispensable: 2 },
] as const;

/** What came of the client secrets that are rotated, read back from the telemetry; nothing when none is. */
export const lastRotations = async (
  store: AskableTelemetry,
  nowEpochMs: number,
  paint: Paint,
  width?: number,
): Promise<string[]> => {
  const { rows } = await store.query(LAST_ROTATIONS, nowEpochMs);
  if (rows.length === 0) return [];
  const cells = rows.map((row): Cell[] => {
    const text = (name: string): string => printable(String(row[name] ?? ''), 48) || '-';
    const outcome = text('Outcome');
    const isTrouble = outcome === 'failed' || outcome === 'taken_back';
    const endEpochMs = Number(row['Ends'] ?? 0);
    const lastUsedEpochMs = Number(row['LastUsed'] ?? 0);
    return [
      { text: text('Credential') },
      { text: wordsOf(outcome), colour: isTrouble ? 'red' : 'green' },
      { text: lastUsedEpochMs > 0 ? `last used ${isoDate(lastUsedEpochMs)}` : text('Reason') },
      { text: text('SecretName') },
      { text: endEpochMs > 0 ? isoDate(endEpochMs) : '-' },
      { text: text('Owner') },
    ];
  });
  return ['', ...renderTable(COLUMNS, cells, paint, width)];
};
