import type { EventAttributes } from '../../src/lib/telemetry/catalog.ts';
import type { Telemetry } from '../../src/lib/telemetry/telemetry.ts';

const DAY = 86_400_000;

type Observed = EventAttributes<'keywatch.credential.observed'>;

/** A credential as a scan sees it; it ends `days` from now. */
export interface Seen extends Partial<Omit<Observed, 'expiresOn' | 'criticalAt' | 'alertUntil'>> {
  readonly name: string;
  readonly status: Observed['status'];
  readonly days?: number;
  /** It becomes critical this many days from now. */
  readonly pagesInDays?: number;
  /** Its end pages until so many days from now; absent: it is not reported. */
  readonly pagesUntilDays?: number;
  /** A finding to be reported beside it. */
  readonly finding?: EventAttributes<'keywatch.finding.observed'>['finding'];
}

/** A secret that ends in 20 days, and warns of it. */
export const expiring = (more: Partial<Seen> = {}): Seen => ({
  ...{ name: 'crm', status: 'warning', days: 20 },
  ...more,
});

/** Reports one credential as a scan does, and of its finding. */
export const reportSeen = (
  { telemetry, nowEpochMs }: { telemetry: Telemetry; nowEpochMs: number },
  vault: string,
  seen: Seen,
  scan: Pick<Observed, 'runId' | 'mode'>,
) => {
  const { name, days, pagesInDays, pagesUntilDays, finding, ...rest } = seen;
  const credentialId = `${vault}/secret/${name}`;
  const owner = 'owner' in seen ? seen.owner : 'team-crm';
  telemetry.event('keywatch.credential.observed', {
    credentialId,
    kind: 'secret',
    vault,
    name,
    owner,
    ...(days === undefined ? {} : { expiresOn: nowEpochMs + days * DAY }),
    ...(pagesInDays === undefined ? {} : { criticalAt: nowEpochMs + pagesInDays * DAY }),
    ...(pagesUntilDays === undefined ? {} : { alertUntil: nowEpochMs + pagesUntilDays * DAY }),
    ...rest,
    ...scan,
  });
  if (finding === undefined) return;
  const { suppressed } = rest;
  const detail = 'seen by the scan';
  telemetry.event('keywatch.finding.observed', {
    ...{ credentialId, vault, finding, detail, owner, suppressed, runId: scan.runId },
  });
};
