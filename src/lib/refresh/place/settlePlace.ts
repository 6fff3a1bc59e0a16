import type { StoreAnswer, StoreFailure } from '../../kernel/storeFailure.ts';
import type { NewTokenVersion, TokenVersion } from '../../stores/ports.ts';
import type { FallbackStore, RefreshPorts } from '../ports.ts';
import { fingerprintOf } from '../protocol/fingerprint.ts';
import {
  enteredSecret,
  newestOf,
  releasedSecret,
  type SealedSecret,
  withCopy,
  withVersion,
} from '../rules/sealedSecret.ts';
import { type CopyPorts, type CopyResult, placeCopy } from './placeCopy.ts';
import { sealedSecretAsVault } from './sealedSecretAsVault.ts';
import type { SealedSecretDocument } from './sealedSecretDocument.ts';
import { findPlace, type InSealedSecret, type PlaceQuestion } from './tokenPlace.ts';

/** Where a piece of work finds its token: what serves as the vault, and the copy to keep true afterwards. */
export interface SettledPlace {
  readonly ports: RefreshPorts;
  /** Absent: the vault itself is the store. */
  readonly copied?: CopyPorts | undefined;
  /** That of a sealed token that opens no more. */
  readonly givenUpSeq?: number | undefined;
}

type SettleQuestion = PlaceQuestion & { readonly ports: RefreshPorts };

/**
 * Makes the place of a grant's token ready for work, under its lease: what a person wrote into the vault is taken in,
 * and the token moves where the configuration wants it.
 */
export const settlePlace = async (
  question: SettleQuestion,
): Promise<StoreAnswer<{ readonly settled: SettledPlace }>> => {
  const { ports } = question;
  const inVault = { ok: true, settled: { ports } } as const;
  const found = await findPlace(question);
  if (!found.ok) return found;
  const { place } = found;
  if (place.kind === 'vault') return { ok: true, settled: { ports, givenUpSeq: place.givenUpSeq } };
  const { document } = place;
  const copied = { ...question, document };
  const isSealed = { ok: true, settled: { ports: sealedPorts(copied), copied } } as const;
  if (place.kind === 'enters') {
    // Where it cannot be, the vault is still the store, and has all that the half-written document may have.
    const entered = await takeIn(question, document, place.latest, (secret, salt) =>
      enteredSecret(question.grant.id, salt, secret),
    );
    return entered.ok ? isSealed : inVault;
  }
  const { latest, view } = place;
  if (latest !== undefined && view === 'foreign') {
    const taken = await takeIn(question, document, latest, (secret) => secret);
    return taken.ok ? isSealed : taken;
  }
  return place.leaves && (await leave(copied, place)) ? inVault : isSealed;
};

/**
 * The sealed secret in place of the vault. It shares an account with the fallback store, so that the vault becomes the
 * last resort of a new token: it goes there as a newer one of ours, and is taken in from there.
 */
const sealedPorts = (copied: CopyPorts): RefreshPorts => {
  const { document, ports, grant } = copied;
  let unwritten: NewTokenVersion | undefined;
  const vault = sealedSecretAsVault(document, ports.vault, (version) => {
    unwritten = version;
  });
  const put: FallbackStore['put'] = async (grantId, envelope) => {
    const kept = await ports.fallback.put(grantId, envelope);
    if (kept.ok || grantId !== grant.id || unwritten === undefined) return kept;
    const written = await ports.vault.write(grant.secret, unwritten);
    return written.ok ? written : kept;
  };
  return { ...ports, vault, fallback: { ...ports.fallback, put } };
};

/** Seals what the vault has as the newest version. */
const takeIn = async (
  { ports, leased, grant }: SettleQuestion,
  document: SealedSecretDocument,
  latest: TokenVersion,
  begin: (secret: SealedSecret | undefined, salt: string) => SealedSecret | undefined,
): Promise<{ readonly ok: true } | StoreFailure> => {
  const prepared = await document.prepareVersion();
  if (!prepared.ok) return prepared;
  const salt = ports.newId();
  return document.change((found) => {
    if (found !== undefined && prepared.find(found) !== undefined) return found;
    const secret = begin(found, salt);
    if (secret === undefined) throw new Error(`the sealed secret of ${grant.id} vanished while it was read`);
    const fingerprint = fingerprintOf(secret.salt, latest.value);
    const taken = withVersion(secret, prepared.versionOf(secret, latest));
    return withCopy(taken, { version: latest.version, fingerprint }, leased.storeNowEpochMs());
  });
};

/** The vault gets the newest token and is the store again. @returns whether it is */
const leave = async (copied: CopyPorts, { document, latest }: InSealedSecret): Promise<boolean> => {
  if (latest === undefined) return false;
  const copy: CopyResult = await placeCopy(copied, latest, true);
  if (!copy.ok || copy.kind !== 'current') return false;
  const { vault } = copied.ports;
  const read = await vault.readLatest(copied.grant.secret);
  if (!read.ok) return false;
  const released = await document.change((secret) => {
    if (secret === undefined || secret.state === 'released') return secret ?? copy.secret;
    const isThere = newestOf(secret)?.fingerprint === fingerprintOf(secret.salt, read.latest.value);
    return isThere ? releasedSecret(secret) : secret;
  });
  return released.ok && released.secret.state === 'released';
};
