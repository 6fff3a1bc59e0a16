import { type StoreAnswer, type StoreFailure, storeFailure } from '../../kernel/storeFailure.ts';
import { digestOf } from '../../stores/digestOf.ts';
import type { NewTokenVersion, Seal, TokenVersionProperties } from '../../stores/ports.ts';
import { readRecord, writeRecord } from '../../stores/rules/recordText.ts';
import type { RefreshPorts } from '../ports.ts';
import { fingerprintOf } from '../protocol/fingerprint.ts';
import { SEALED_SECRET, type SealedSecret, type SealedVersion, versionName } from '../rules/sealedSecret.ts';

/** What of the ports the sealed secret of a grant takes. */
export type SealedPorts = Pick<RefreshPorts, 'seal' | 'newId'> & {
  readonly sealed: NonNullable<RefreshPorts['sealed']>;
};

type Changed = SealedSecret | StoreFailure;

/** The sealed secret of one grant during one piece of work: values that were opened or written are kept no longer. */
export interface SealedSecretDocument {
  /** Absent: there is none. */
  read(): Promise<StoreAnswer<{ readonly secret: SealedSecret | undefined }>>;
  /**
   * Changes it, whatever others changed meanwhile.
   * @param edit may be asked several times, also after its own change has landed; the same object: nothing to do
   */
  change(
    edit: (secret: SealedSecret | undefined) => Changed,
  ): Promise<StoreAnswer<{ readonly secret: SealedSecret }>>;
  open(version: SealedVersion): Promise<StoreAnswer<{ readonly value: string }>>;
  /** Gives what seals one further version, and what knows it again in the secret. */
  prepareVersion(): Promise<
    StoreAnswer<{
      readonly versionOf: SealVersion;
      readonly find: (secret: SealedSecret) => SealedVersion | undefined;
    }>
  >;
}

/** Seals a value as the next version of a secret. */
type SealVersion = (
  secret: SealedSecret,
  given: NewTokenVersion & Partial<Pick<TokenVersionProperties, 'createdEpochMs'>>,
) => SealedVersion;

/** Others change the same secret only where a worker outlived its lease. */
const TRIES = 4;
/** No grant's id has a tilde: what is sealed here never opens as a token of a control record or the fallback store. */
const subjectOf = (grantId: string): string => `${grantId}~kept`;

export const sealedFailure = (
  reason: Parameters<typeof storeFailure>[1],
  words: Parameters<typeof storeFailure>[2],
): StoreFailure => storeFailure('sealed_secret', reason, words);

/** @param nowEpochMs the clock that workers share */
export const sealedSecretDocument = (
  { sealed, seal, newId }: SealedPorts,
  grantId: string,
  nowEpochMs: () => number,
): SealedSecretDocument => {
  const opened = new Map<string, string>();
  let sealing: Seal | undefined;

  const parse = (body: string | undefined): StoreAnswer<{ readonly secret: SealedSecret | undefined }> => {
    const reading = readRecord(body, grantId, SEALED_SECRET, digestOf);
    if (reading.kind !== 'unreadable')
      return { ok: true, secret: reading.kind === 'none' ? undefined : reading.record };
    return sealedFailure('tampered', {
      message: `The sealed secret of grant ${grantId} is ${reading.why}; nothing was sent.`,
      action: `Find out who wrote the blob ${grantId} of keywatch-tokens, and restore the state before: soft delete keeps what was replaced.`,
    });
  };

  /** What was read or written last: the same text is not read twice. */
  let last = { body: undefined as string | undefined, parsed: parse(undefined) };
  const find = async () => {
    const found = await sealed.read(grantId);
    if (!found.ok) return found;
    const body = found.ticket?.body;
    if (last.body !== body) last = { body, parsed: parse(body) };
    const { parsed } = last;
    return parsed.ok ? { ...parsed, etag: found.ticket?.etag } : parsed;
  };

  return {
    read: find,
    async change(edit) {
      let failed: StoreFailure | undefined;
      for (let run = 0; run < TRIES; run++) {
        const found = await find();
        if (!found.ok) return failed ?? found;
        const secret = edit(found.secret);
        if ('ok' in secret) return secret;
        if (secret === found.secret) return { ok: true, secret };
        const body = writeRecord(secret, digestOf);
        const written =
          found.etag === undefined
            ? await sealed.put(grantId, body)
            : await sealed.replace(grantId, body, found.etag);
        if (written.ok) {
          const parsed = { ok: true as const, secret };
          last = { body, parsed };
          return parsed;
        }
        failed = written;
        if (!written.mayHaveLanded && written.reason !== 'conflict') break;
      }
      return (
        failed ?? sealedFailure('conflict', { message: `The sealed secret of ${grantId} keeps changing.` })
      );
    },
    async open({ envelope, number }) {
      const known = opened.get(envelope);
      if (known !== undefined) return { ok: true, value: known };
      const unsealed = await seal.unseal(envelope, subjectOf(grantId));
      if (!unsealed.ok) return unsealed;
      if (unsealed.seq !== number)
        return sealedFailure('tampered', {
          message: `A version of the sealed secret of grant ${grantId} holds another one.`,
        });
      opened.set(envelope, unsealed.plaintext);
      return { ok: true, value: unsealed.plaintext };
    },
    async prepareVersion() {
      // Once it is in memory, a new token is sealed also while Key Vault is down.
      const ready = sealing === undefined ? await seal.prepare() : { ok: true as const, seal: sealing };
      if (!ready.ok) return ready;
      sealing = ready.seal;
      const id = newId();
      const versionOf: SealVersion = (secret, { value, createdEpochMs = nowEpochMs(), ...properties }) => {
        const number = secret.made + 1;
        const envelope = ready.seal(value, { subject: subjectOf(grantId), seq: number });
        opened.set(envelope, value);
        const fingerprint = fingerprintOf(secret.salt, value);
        return {
          ...properties,
          version: versionName(number, id),
          number,
          envelope,
          fingerprint,
          createdEpochMs,
        };
      };
      const isOurs = ({ version }: SealedVersion) => version.endsWith(`-${id}`);
      return { ok: true, versionOf, find: ({ versions }) => versions.find(isOurs) };
    },
  };
};
