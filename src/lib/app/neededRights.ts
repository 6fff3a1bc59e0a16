import type { LogsQuery } from '../azure/ports.ts';
import { USE_LOGS } from '../board/rules/useCalls.ts';
import type { Config } from '../config/config.ts';
import type { SourceName } from '../credentials/sources.ts';
import { permanentFailure } from '../kernel/failure.ts';
import type { CredentialObject } from '../oauth/clientAuthentication/clientCredential.ts';
import { clientCredentialActions } from '../oauth/keyVault/keyVaultClientCredentials.ts';
import { objectsOf } from '../prove/configuredClient.ts';
import type { FurtherReading, ValueAccess, ValueAccessProbe } from '../scan/ports.ts';
import type { Platform } from './platform.ts';
import { isTableAbsent, wordsForAbsent } from './useLogs.ts';

const LONGEST_MS = 30_000;

/** What an identity has to read beside what is scanned, and whether it may. */
export interface NeededRights {
  readonly identity: 'scanner' | 'refresher' | 'rotator';
  readonly readings: readonly FurtherReading[];
}

export interface NeededRightsPorts {
  /** Absent where no workspace is named. */
  readonly useLogs: LogsQuery | undefined;
  readonly signInLogs: LogsQuery | undefined;
  /** Under the identity that refreshes. */
  readonly valueAccess: Pick<ValueAccessProbe, 'mayReadValue'>;
}

/** Tries what the configuration has each identity read, for `keywatch check`. No value is read, and no row. */
export const tryNeededRights = async (
  { targets, clients, policyOf }: Pick<Config, 'targets' | 'clients' | 'policyOf'>,
  { useLogs, signInLogs, valueAccess }: NeededRightsPorts,
): Promise<readonly NeededRights[]> => {
  const logged = new Set<SourceName>(['keyvault', ...targets.map(({ source }) => source)]);
  const [uses, secrets, signIns] = await Promise.all([
    tryTables(useLogs, [...logged], 'who uses which credential', 'KEYWATCH_USE_WORKSPACE_ID'),
    trySecrets({ clients, policyOf }, valueAccess),
    tryTables(signInLogs, ['entra'], 'who still uses an old secret', 'KEYWATCH_SIGN_IN_WORKSPACE_ID'),
  ]);
  const rights: readonly NeededRights[] = [
    { identity: 'scanner', readings: uses },
    { identity: 'refresher', readings: secrets },
    { identity: 'rotator', readings: signIns },
  ];
  return rights.filter(({ readings }) => readings.length > 0);
};

const tryTables = async (
  logs: LogsQuery | undefined,
  sources: readonly SourceName[],
  purpose: string,
  setting: string,
): Promise<readonly FurtherReading[]> => {
  if (logs === undefined) return [];
  return Promise.all(
    sources.map(async (source) => {
      const { table } = USE_LOGS[source];
      const what = `the table ${table}, for ${purpose}`;
      const answer = await logs.run(`${table} | take 0`, 'PT1H', AbortSignal.timeout(LONGEST_MS));
      if (answer.ok) return { what, failure: undefined };
      const words = isTableAbsent(answer) ? wordsForAbsent(source, setting) : {};
      return { what, failure: { ...answer, ...words, reason: answer.code } };
    }),
  );
};

const trySecrets = async (
  { clients, policyOf }: Pick<Config, 'clients' | 'policyOf'>,
  valueAccess: NeededRightsPorts['valueAccess'],
): Promise<readonly FurtherReading[]> => {
  const used = clients.flatMap(({ id, subject }) => objectsOf(subject).map((object) => ({ id, object })));
  const secrets = Map.groupBy(
    used.filter(({ object }) => object.kind === 'secret'),
    ({ object: { vaultUrl, name } }) => `secret ${name} in ${policyOf(vaultUrl).name}`,
  );
  return Promise.all(
    [...secrets].flatMap(([which, [first, ...others]]) => {
      if (first === undefined) return [];
      const ids = [first, ...others].map(({ id }) => id).join(', ');
      const what = `the value of ${which}, by which ${ids} is proven`;
      return valueAccess
        .mayReadValue(first.object)
        .then((access) => ({ what, failure: valueFailure(access, first.object) }));
    }),
  );
};

const valueFailure = (access: ValueAccess, object: CredentialObject): FurtherReading['failure'] => {
  if (access === 'allowed') return undefined;
  const reason = access === 'denied' ? 'forbidden' : 'unavailable';
  const message =
    access === 'denied'
      ? 'The proof reads it with the identity that refreshes; a person needs it for npm run prove alone.'
      : 'The vault gave no answer, so nobody knows.';
  const action = clientCredentialActions(object)(reason) ?? '';
  return { ...permanentFailure({ code: `client_credential_${reason}`, message, action }), reason };
};

/** What {@link tryNeededRights} asks, under the identities of this platform. */
export const openNeededRights = async (
  { useWorkspaceId, rotate, allowLoopback }: Config,
  { clock, scanner, refresher, rotator }: Platform,
): Promise<NeededRightsPorts> => {
  const [{ logsQuery }, { keyVaultValueAccess }] = await Promise.all([
    import('../azure/logs/logsQuery.ts'),
    import('../scan/keyVault/keyVaultValueAccess.ts'),
  ]);
  const logsOf = (workspaceId: string | undefined, credential: Platform['scanner']) =>
    workspaceId === undefined ? undefined : logsQuery({ workspaceId, credential, clock, allowLoopback });
  return {
    useLogs: logsOf(useWorkspaceId, scanner),
    signInLogs: logsOf(rotate?.signInWorkspaceId, rotator),
    valueAccess: keyVaultValueAccess({ credential: refresher, allowLoopback }),
  };
};
