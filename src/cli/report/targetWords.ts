import { CREDENTIAL_SOURCES, type SourceName } from '../../lib/credentials/sources.ts';
import type { TargetScan } from '../../lib/scan/scanTarget.ts';

/** A target of a scan, as far as its name and what it is matter. */
export type Scanned = Pick<TargetScan, 'source' | 'vault'>;

/** Of a report over no scan at all. */
const USUAL = CREDENTIAL_SOURCES.keyvault.target.one;

/** What each target is, by its name: `kv-payments` is a `vault`. */
export const targetWords = (scans: readonly Scanned[]): ((name: string) => string) => {
  const words = new Map(scans.map(({ vault, source }) => [vault, CREDENTIAL_SOURCES[source].target.one]));
  return (name) => words.get(name) ?? USUAL;
};

/** The heading of a column that holds targets of these scans: `vault`, or `vault/directory` where both were scanned. */
export const targetHeading = (scans: readonly Scanned[]): string => {
  const scanned = new Set(scans.map(({ source }) => source));
  const words = Object.entries(CREDENTIAL_SOURCES).flatMap(([name, { target }]) =>
    scanned.has(name as SourceName) ? [target.one] : [],
  );
  return words.join('/') || USUAL;
};

/** How many targets there are of each source: `3 vaults, 1 directory`. */
export const targetCounts = (requests: readonly Pick<Scanned, 'source'>[]): string => {
  const counts = new Map<SourceName, number>([['keyvault', 0]]);
  for (const { source } of requests) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 0 || requests.length === 0)
    .map(([source, count]) => {
      const { one, many } = CREDENTIAL_SOURCES[source].target;
      return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
    })
    .join(', ');
};
