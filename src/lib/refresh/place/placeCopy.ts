import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import { GRANT_TAGS } from '../../oauth/rules/grantTagNames.ts';
import type { NewTokenVersion, TokenVersion } from '../../stores/ports.ts';
import type { RefreshPorts } from '../ports.ts';
import { fingerprintOf } from '../protocol/fingerprint.ts';
import { TOKEN_CONTENT_TYPE } from '../protocol/grantTags.ts';
import { restoreCovered } from '../protocol/restoreCovered.ts';
import { writeWithEnd } from '../protocol/writeWithEnd.ts';
import {
  newestOf,
  type SealedSecret,
  type SealedVersion,
  viewCopy,
  withCopy,
  withPending,
} from '../rules/sealedSecret.ts';
import { type SealedSecretDocument, sealedFailure } from './sealedSecretDocument.ts';
import { type PlaceQuestion, recordOf } from './tokenPlace.ts';

/** What a copy is made with. */
export interface CopyPorts extends PlaceQuestion {
  readonly ports: RefreshPorts;
  readonly document: SealedSecretDocument;
}

export type CopyResult =
  /** `current`: the vault has the newest token; `older`: one of ours, until its day; `foreign`: a person's, which is taken in next. */
  | { readonly ok: true; readonly kind: 'current' | 'older' | 'foreign'; readonly secret: SealedSecret }
  | StoreFailure;

/** Consumers that still read the vault, and people, find a token that is no older. */
const COPY_EVERY_MS = DAY_MS;

/**
 * Keeps the copy in the vault true: end and tags at once and in place, which makes no version; the value once a day,
 * or now where `isUrgent`.
 * @param seen the latest version of the vault as it was found
 */
export const placeCopy = async (
  copied: CopyPorts,
  seen: TokenVersion,
  isUrgent: boolean,
): Promise<CopyResult> => {
  const found = await copied.document.read();
  if (!found.ok) return found;
  const { secret } = found;
  const newest = secret && newestOf(secret);
  if (secret?.state !== 'active' || newest === undefined)
    return sealedFailure('conflict', { message: 'The sealed secret was handed back meanwhile.' });
  const view = viewOf(copied, secret, seen);
  if (view === 'foreign') return { ok: true, kind: view, secret };
  const { copiedAtEpochMs = 0 } = secret.copy;
  const isDue = isUrgent || copied.leased.storeNowEpochMs() - copiedAtEpochMs >= COPY_EVERY_MS;
  // Key Vault moves the end of a version and never takes it away.
  const isEndStuck = newest.expiresOnEpochMs === undefined && seen.expiresOnEpochMs !== undefined;
  if (isEndStuck || (view === 'older' && isDue)) return writeCopy(copied, secret, newest);
  const updated = await updateCopy(copied, newest, seen);
  if (!updated.ok || view === 'older') return updated.ok ? { ok: true, kind: view, secret } : updated;
  return noteCopy(copied, newest.fingerprint, seen.version);
};

const viewOf = (copied: CopyPorts, secret: SealedSecret, { version, value }: TokenVersion) => {
  const record = recordOf(copied);
  const [bySecret, byRecord] = [secret.salt, record?.salt ?? ''].map((salt) => fingerprintOf(salt, value));
  return viewCopy(secret, record, { version, bySecret: bySecret ?? '', byRecord: byRecord ?? '' });
};

/** The vault's own tags, which people may change there, under those that Keywatch says of the newest token. */
const tagsFor = ({ tags }: SealedVersion, seen: Pick<TokenVersion, 'tags'>): Record<string, string> => {
  const entries = (of: Readonly<Record<string, string>>, ours: boolean) =>
    Object.entries(of).filter(([tag]) => OURS.has(tag) === ours);
  return Object.fromEntries([...entries(seen.tags, false), ...entries(tags, true)]);
};

const OURS: ReadonlySet<string> = new Set(Object.values(GRANT_TAGS));

/** Whole seconds: Key Vault keeps no more. */
const secondOf = (epochMs: number | undefined) => epochMs && Math.floor(epochMs / 1000);

const updateCopy = async (
  { ports, grant }: CopyPorts,
  newest: SealedVersion,
  seen: TokenVersion,
): Promise<{ readonly ok: true } | StoreFailure> => {
  const tags = tagsFor(newest, seen);
  const names = Object.keys(tags);
  const isSame =
    secondOf(newest.expiresOnEpochMs) === secondOf(seen.expiresOnEpochMs) &&
    names.length === Object.keys(seen.tags).length &&
    names.every((name) => tags[name] === seen.tags[name]);
  const { expiresOnEpochMs } = newest;
  return isSame
    ? { ok: true }
    : ports.vault.updateProperties(grant.secret, seen.version, { tags, expiresOnEpochMs });
};

const writeCopy = async (
  copied: CopyPorts,
  secret: SealedSecret,
  newest: SealedVersion,
): Promise<CopyResult> => {
  const { document, ports, grant } = copied;
  const opened = await document.open(newest);
  if (!opened.ok) return opened;
  const noted = await document.change((current) => withPending(current ?? secret, newest.fingerprint));
  if (!noted.ok) return noted;
  // The last look before a write that would cover what a person has written since the first.
  const look = await ports.vault.readLatest(grant.secret);
  if (!look.ok) return look;
  if (viewOf(copied, noted.secret, look.latest) === 'foreign')
    return { ok: true, kind: 'foreign', secret: noted.secret };
  const version: Omit<NewTokenVersion, 'expiresOnEpochMs'> = {
    value: opened.value,
    tags: tagsFor(newest, look.latest),
    contentType: newest.contentType ?? TOKEN_CONTENT_TYPE,
  };
  const { expiresOnEpochMs: taken } = look.latest;
  const ends = [newest.expiresOnEpochMs, ...(taken === undefined ? [] : [taken])] as const;
  const written = await writeWithEnd(ports.vault, grant.secret, version, ends);
  if (!written.ok) return written;
  await uncover(copied, look.latest);
  const previous = noted.secret.copy.previousVersion;
  if (previous !== undefined) await ports.vault.disableVersion(grant.secret, previous);
  return noteCopy(copied, newest.fingerprint, written.version);
};

/**
 * What a person wrote between that look and the write is found before a grant is called dead. Of one that is dead
 * already nobody would look again.
 */
const uncover = async (copied: CopyPorts, { version }: TokenVersion): Promise<void> => {
  const record = recordOf(copied);
  if (record?.phase.state !== 'dead') return;
  const known = { versions: [version], fingerprints: [record.fingerprint], seq: Number.POSITIVE_INFINITY };
  await restoreCovered(copied, record, known);
};

const noteCopy = async (
  { document, leased }: CopyPorts,
  fingerprint: string,
  version: string,
): Promise<CopyResult> => {
  const noted = await document.change((secret) => {
    if (secret === undefined) return sealedFailure('not_found', { message: 'The sealed secret is gone.' });
    const { copy } = secret;
    const isNoted =
      copy.version === version && copy.fingerprint === fingerprint && copy.pending === undefined;
    // When it was last current matters to the hour.
    const isFresh = leased.storeNowEpochMs() - (copy.copiedAtEpochMs ?? 0) < NOTED_EVERY_MS;
    return isNoted && isFresh ? secret : withCopy(secret, { version, fingerprint }, leased.storeNowEpochMs());
  });
  return noted.ok ? { ok: true, kind: 'current', secret: noted.secret } : noted;
};

const NOTED_EVERY_MS = HOUR_MS;
