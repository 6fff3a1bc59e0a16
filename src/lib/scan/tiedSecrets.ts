import type { Directory } from '../directory/ports.ts';
import type { Clock } from '../kernel/clock.ts';
import { permanentFailure } from '../kernel/failure.ts';
import { firstNamed } from '../kernel/firstNamed.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { CredentialSource, OnPage } from './ports.ts';
import { knowing } from './rules/applicationMetadata.ts';
import { endDatesDiffer, type Ties, tieKey, tieOf } from './rules/tiedSecret.ts';

export interface TiedSecretsPorts {
  readonly directory: Pick<Directory, 'applicationsOf'>;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'failure'>;
}

/** The same source of vaults, which looks at the applications whose secrets its objects hold. */
export const withTiedSecrets = (
  vaults: CredentialSource,
  { directory, clock, telemetry }: TiedSecretsPorts,
  ties: Ties,
): CredentialSource => ({
  ...vaults,
  async list(vaultUrl, onPage, signal) {
    const { name: vault } = vaults.policyOf(vaultUrl);
    const unseen = new Set([...ties.keys()].filter((key) => key.startsWith(tieKey(vaultUrl, ''))));
    let isRefused = false;
    const compare: OnPage = async (objects, serverDateEpochMs) => {
      if (unseen.size > 0)
        for (const { kind, name } of objects) if (kind === 'secret') unseen.delete(tieKey(vaultUrl, name));
      const nowEpochMs = serverDateEpochMs ?? clock.nowEpochMs();
      const tied = objects.map((one) => tieOf(one, vaultUrl, ties, nowEpochMs));
      const appIds = [...new Set(tied.flatMap((tie) => tie?.appId ?? []))];
      if (isRefused || appIds.length === 0) return onPage(objects, serverDateEpochMs);
      const read = await directory.applicationsOf(appIds, signal);
      // Without the directory the vault's own dates stand, and that they are not compared is said: once, and the
      // other pages do not wait for it.
      if (!read.ok) {
        isRefused = true;
        telemetry.failure({ ...read, subject: { vault } });
        return onPage(objects, serverDateEpochMs);
      }
      const byAppId = new Map(read.applications.map((one) => [one.appId, one]));
      const compared = objects.map((metadata, index) => {
        const tie = tied[index];
        return tie === undefined
          ? metadata
          : knowing(metadata, {}, endDatesDiffer(metadata, tie, byAppId.get(tie.appId)));
      });
      return onPage(compared, serverDateEpochMs);
    };
    const listing = await vaults.list(vaultUrl, compare, signal);
    if (listing.ok && unseen.size > 0) telemetry.failure(notThere(vault, vaultUrl, unseen));
    return listing;
  },
});

const MOST_NAMED = 5;

/** What is not there is compared with nothing, which would look like two ends that agree. */
const notThere = (vault: string, vaultUrl: string, keys: ReadonlySet<string>) => {
  const names = [...keys].map((key) => key.slice(tieKey(vaultUrl, '').length));
  return permanentFailure({
    code: 'tied_secret_missing',
    message: `Vault ${vault} has no secret ${firstNamed(names, MOST_NAMED)}, which should hold the secret of an application by "directory.applications" of the config.`,
    action: 'Correct "vault" or "secretName" there, or take the entry out.',
    subject: { vault },
  });
};
