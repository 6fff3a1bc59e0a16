import type { Finding } from '../../credentials/findings.ts';
import type { DirectoryApplication, ListedCredential } from '../../directory/rules/directoryApplication.ts';
import { isoDate } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { CredentialMetadata } from './credential.ts';
import { readTags } from './tags.ts';

/** Which application's secret a secret of a vault holds. */
export interface Tie {
  /** Client id, in lower case. */
  readonly appId: string;
  /** Absent: any secret of the application that ends when this one does. */
  readonly keyId?: string | undefined;
}

/** Ties of the config, by the key that {@link tieKey} makes. */
export type Ties = ReadonlyMap<string, Tie>;

/** Key Vault's names are the same in any case. */
export const tieKey = (vaultUrl: string, secretName: string): string =>
  `${vaultUrl}/${secretName.toLowerCase()}`;

/** What its own tags say, else the config; `undefined` where nobody says anything. */
export const tieOf = (
  { kind, name, tags }: CredentialMetadata,
  vaultUrl: string,
  ties: Ties,
  nowEpochMs: number,
): Tie | undefined => {
  if (kind !== 'secret') return undefined;
  const { app, keyId } = readTags(tags, nowEpochMs);
  return app === undefined ? ties.get(tieKey(vaultUrl, name)) : { appId: app, keyId };
};

/** A date is often written without its time. */
const TOLERANCE_MS = DAY_MS;

const wordsOf = (endEpochMs: number | undefined): string =>
  endEpochMs === undefined ? 'has no end' : `ends on ${isoDate(endEpochMs)}`;

/** @param application absent: the directory has none by that id */
export const endDatesDiffer = (
  { expiresOnEpochMs }: CredentialMetadata,
  { appId, keyId }: Tie,
  application: DirectoryApplication | undefined,
): Finding[] => {
  const finding = (detail: string): Finding[] => [{ code: 'end_dates_differ', detail }];
  if (application === undefined)
    return finding(`The directory has no application ${appId}, whose secret it holds.`);
  const name = application.displayName ?? appId;
  const secrets = application.credentials.filter(({ type }) => type === 'secret');
  const meant = keyId === undefined ? secrets : secrets.filter((one) => one.keyId === keyId);
  if (meant.length === 0)
    return finding(
      `Application ${name} has no secret${keyId === undefined ? '' : ` ${keyId}`} any more: what it holds is of no use, unless its service principal has it.`,
    );
  const isSame = ({ endEpochMs }: ListedCredential): boolean =>
    endEpochMs === expiresOnEpochMs ||
    Math.abs((endEpochMs ?? Number.NaN) - (expiresOnEpochMs ?? Number.NaN)) <= TOLERANCE_MS;
  if (meant.some(isSame)) return [];
  const ends = meant
    .slice(0, 3)
    .map((one) => `${one.keyId?.slice(0, 8) ?? 'one'} ${wordsOf(one.endEpochMs)}`);
  const more = meant.length > ends.length ? ` and ${meant.length - ends.length} more` : '';
  return finding(
    `It ${wordsOf(expiresOnEpochMs)} by the vault; the secret of application ${name} ${ends.join(', ')}${more}.`,
  );
};
