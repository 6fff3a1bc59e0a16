import type { LogsAnswer } from '../../lib/azure/ports.ts';
import { createRedactor } from '../../lib/telemetry/redact.ts';
import { silentTelemetry } from '../../lib/telemetry/silentTelemetry.ts';
import { createLocalClock } from '../../local/clock.ts';
import type { Company } from '../../local/company.ts';
import { ask } from '../../local/control.ts';
import { enterLocalEnvironment } from '../../local/environment.ts';
import { type SecretWrite, writeSecret } from '../../local/writeSecret.ts';
import type { Place } from '../place.ts';

/** What the process that runs says of itself to another one. */
export interface Whereabouts {
  readonly company: Company;
  readonly settings: Readonly<Record<string, string>>;
  /** How far its clock is ahead. */
  readonly aheadMs: number;
}

/** The order that is answered with it. */
export const WHEREABOUTS = 'whereabouts';

/** The company that runs with the data of a folder, as a place for a command of another process. */
export const localPlace = async (folder: string): Promise<Place> => {
  const { company, settings, aheadMs } = (await ask(folder, WHEREABOUTS)) as Whereabouts;
  enterLocalEnvironment(settings);
  const clock = createLocalClock(aheadMs);
  return {
    nowEpochMs: clock.nowEpochMs,
    // As from a person's machine in Azure, nobody is told: the app sees what has changed at its next run.
    platform: async (config) => {
      // On first use: it brings the clients of the storage, of which the alerts and a secret need none.
      const { companyPlatform } = await import('../../local/company.ts');
      return companyPlatform(company, {
        clock,
        telemetry: silentTelemetry(() => undefined),
        redactor: createRedactor(config.grants.flatMap(({ grant }) => grant.reconnectUrl ?? [])),
        identityProvider: { ...company.identityProvider, clientAssertion: signsNobodyIn },
        storageAheadMs: clock.aheadMs,
      });
    },
    logs: { run: async (kql) => (await ask(folder, 'query', kql)) as LogsAnswer },
  };
};

/** Writes a secret of the company that runs with the data of a folder. @throws UsageError where that cannot be */
export const writeLocalSecret = async (folder: string, write: SecretWrite): Promise<void> =>
  writeSecret(((await ask(folder, WHEREABOUTS)) as Whereabouts).company, write);

const signsNobodyIn = (): Promise<string> => Promise.reject(new Error('only the app signs people in'));
