import type { Directory } from '../directory/ports.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { CredentialSource, OnPage } from './ports.ts';
import { knowing } from './rules/applicationMetadata.ts';
import { endDatesDiffer, type Ties, tieOf } from './rules/tiedSecret.ts';

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
  list: (vaultUrl, onPage, signal) => {
    let isRefused = false;
    const compare: OnPage = async (objects, serverDateEpochMs) => {
      const nowEpochMs = serverDateEpochMs ?? clock.nowEpochMs();
      const tied = objects.map((one) => tieOf(one, vaultUrl, ties, nowEpochMs));
      const appIds = [...new Set(tied.flatMap((tie) => tie?.appId ?? []))];
      if (isRefused || appIds.length === 0) return onPage(objects, serverDateEpochMs);
      const read = await directory.applicationsOf(appIds, signal);
      // Without the directory the vault's own dates stand, and that they are not compared is said: once, and the
      // other pages do not wait for it.
      if (!read.ok) {
        isRefused = true;
        telemetry.failure({ ...read, subject: { vault: vaults.policyOf(vaultUrl).name } });
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
    return vaults.list(vaultUrl, compare, signal);
  },
});
