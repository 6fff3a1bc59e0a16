import type { TokenCredential } from '@azure/core-auth';
import { SecretClient } from '@azure/keyvault-secrets';
import { loadConfig } from '../../src/lib/config/config.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { keyVaultInventory } from '../../src/lib/scan/keyVault/keyVaultInventory.ts';
import { createScanner } from '../../src/lib/scan/scanner.ts';
import type { TargetScan } from '../../src/lib/scan/scanTarget.ts';
import { silentTelemetry } from '../../src/lib/telemetry/silentTelemetry.ts';
import type { Telemetry } from '../../src/lib/telemetry/telemetry.ts';
import { type CapturedTelemetry, startCapturedTelemetry } from '../fakes/captureTelemetry.ts';
import { fakeConnections } from '../fakes/fakeConnections.ts';

/** Goes through every secret of all vaults at the same time, and gives how many it saw. */
export type Lister = (vaultUrls: readonly string[], token: string) => Promise<number>;

const credentialOf = (token: string): TokenCredential => ({
  getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
});

const bareClient = (vaultUrl: string, token: string): SecretClient =>
  new SecretClient(vaultUrl, credentialOf(token), {
    allowInsecureConnection: true,
    disableChallengeResourceVerification: true,
  });

const sumOver = async (
  vaultUrls: readonly string[],
  count: (url: string) => Promise<number>,
): Promise<number> => (await Promise.all(vaultUrls.map(count))).reduce((sum, one) => sum + one, 0);

/** What to divide by: the SDK's listing and a counter. */
const bare: Lister = (vaultUrls, token) =>
  sumOver(vaultUrls, async (url) => {
    let secrets = 0;
    for await (const _properties of bareClient(url, token).listPropertiesOfSecrets()) secrets += 1;
    return secrets;
  });

/** The same page by page, which spares one promise a secret. */
const barePages: Lister = (vaultUrls, token) =>
  sumOver(vaultUrls, async (url) => {
    let secrets = 0;
    for await (const page of bareClient(url, token).listPropertiesOfSecrets().byPage())
      secrets += page.length;
    return secrets;
  });

const keywatchOver = (vaultUrls: readonly string[], token: string, telemetry: Telemetry) =>
  createScanner(
    loadConfig({
      environment: { KEYWATCH_LOCAL: 'true', KEYWATCH_VAULTS: vaultUrls.join(',') },
      readTextFile: () => undefined,
    }),
    fakeConnections({
      clock: systemClock,
      inventory: keyVaultInventory({
        credential: credentialOf(token),
        clock: systemClock,
        allowLoopback: true,
      }),
      telemetry,
    }),
  );

const objectsOf = ({ vault, failure, counts }: TargetScan): number => {
  if (failure !== undefined) throw new Error(`the scan of ${vault} failed: ${failure.message}`);
  return counts.objects;
};

const request = (vaultUrl: string) =>
  ({ source: 'keyvault', target: vaultUrl, runId: 'bench', mode: 'full' }) as const;

/** The scan as it is deployed, secrets, keys and certificates, told to nobody. */
const keywatch: Lister = (vaultUrls, token) => {
  const { scan } = keywatchOver(
    vaultUrls,
    token,
    silentTelemetry(() => undefined),
  );
  return sumOver(vaultUrls, async (url) => objectsOf(await scan(request(url), () => undefined)));
};

let arrived = 0;
/** OpenTelemetry's providers are globals of the process: one telemetry for the warm-up and the measurement. */
let captured: CapturedTelemetry | undefined;

/** The scan of the day: every credential told through the real SDK, into a capture that counts. */
const keywatchReporting: Lister = async (vaultUrls, token) => {
  captured ??= startCapturedTelemetry({
    onBatch: (batch) => {
      arrived += batch.filter(({ data }) => data.baseData.name === 'keywatch.credential.observed').length;
    },
  });
  const { telemetry, notices } = captured;
  arrived = 0;
  const { run } = keywatchOver(vaultUrls, token, telemetry);
  const objects = await sumOver(vaultUrls, async (url) => objectsOf(await run(request(url))));
  await telemetry.flush(60_000);
  if (notices.length > 0) throw new Error(notices.join('\n'));
  if (arrived !== objects) throw new Error(`${objects} credentials were reported, ${arrived} arrived`);
  return objects;
};

export const LISTERS = { bare, barePages, keywatch, keywatchReporting } as const satisfies Record<
  string,
  Lister
>;
export type ListerName = keyof typeof LISTERS;
