import { createDecipheriv, type KeyObject } from 'node:crypto';
import type { CryptoKey } from 'jose';
import type { SealContext, SealedEnvelope } from '../rules/sealedEnvelope.ts';
import { envelopeHeader, readEnvelopeHeader } from '../rules/sealedEnvelope.ts';

/** The version of a Key Vault key, by name: where it is comes from the config, never from an envelope. */
export interface SealingKeyVersion {
  readonly name: string;
  readonly version: string;
}

/** An envelope taken apart; nothing of it is authenticated before it is opened. */
export interface EnvelopeParts {
  readonly grantId: string;
  readonly seq: number;
  readonly key: SealingKeyVersion;
  readonly wrappedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
  /** The encoded header, as the ciphertext authenticates it. */
  readonly additionalData: Buffer;
}

const TAG_BYTES = 16;
const SHAPE = /^([\w-]+)\.([\w-]+)\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;
const KEY_VERSION = /^([0-9A-Za-z-]{1,127})\/([0-9A-Za-z]{1,64})$/;

const fromBase64url = (text: string): Buffer => Buffer.from(text, 'base64url');

/** The public part of an RSA key, for `sealEnvelope`. */
export const importSealingKey = async (modulus: Uint8Array, exponent: Uint8Array): Promise<CryptoKey> => {
  const { importJWK } = await import('jose/key/import');
  const [n = '', e = ''] = [modulus, exponent].map((part) => Buffer.from(part).toString('base64url'));
  return (await importJWK({ kty: 'RSA', n, e }, 'RSA-OAEP-256')) as CryptoKey;
};

/**
 * Seals as a compact JWE with a fresh content key. Local: no network is touched. The protected header names
 * grant, seq and key version, and is authenticated with the text.
 * @see RFC 7516 §7.1
 */
export const sealEnvelope = async (
  plaintext: string,
  { grantId, seq }: SealContext,
  { publicKey, name, version }: SealingKeyVersion & { publicKey: CryptoKey | KeyObject },
): Promise<SealedEnvelope> => {
  const { CompactEncrypt } = await import('jose/jwe/compact/encrypt');
  return new CompactEncrypt(Buffer.from(plaintext))
    .setProtectedHeader({ ...envelopeHeader(`${name}/${version}`, grantId, seq) })
    .encrypt(publicKey);
};

/** Takes an envelope apart; `undefined` when it is none, or is damaged. */
export const parseEnvelope = (envelope: SealedEnvelope): EnvelopeParts | undefined => {
  const [, header = '', wrappedKey = '', iv = '', ciphertext = '', tag = ''] = SHAPE.exec(envelope) ?? [];
  const said = readEnvelopeHeader(envelope);
  const [, name, version] = KEY_VERSION.exec(said?.kid ?? '') ?? [];
  if (said === undefined || name === undefined || version === undefined || tag === '') return undefined;
  return {
    grantId: said.grant,
    seq: said.seq,
    key: { name, version },
    wrappedKey: fromBase64url(wrappedKey),
    iv: fromBase64url(iv),
    ciphertext: fromBase64url(ciphertext),
    tag: fromBase64url(tag),
    additionalData: Buffer.from(header, 'ascii'),
  };
};

/**
 * The sealed text; `undefined` when the envelope was damaged. `jose` unwraps with a private key at hand only, and
 * ours never leaves Key Vault: so the last step of decryption, with the content key that it unwrapped, is here.
 * @see RFC 7516 §5.2
 */
export const openEnvelope = (
  { iv, ciphertext, tag, additionalData }: EnvelopeParts,
  contentKey: Uint8Array,
): string | undefined => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', contentKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
