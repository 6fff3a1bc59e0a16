import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { SealContext, SealedEnvelope } from '../rules/sealedEnvelope.ts';
import { envelopeHeader, readEnvelopeHeader } from '../rules/sealedEnvelope.ts';

/** The version of a Key Vault key, by name: where it is comes from the config, never from an envelope. */
export interface SealingKeyVersion {
  readonly name: string;
  readonly version: string;
}

/** An envelope taken apart; nothing of it is authenticated before it is opened. */
export interface EnvelopeParts {
  readonly subject: string;
  readonly seq: number;
  readonly key: SealingKeyVersion;
  readonly wrappedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
  /** The encoded header, as the ciphertext authenticates it. */
  readonly additionalData: Buffer;
}

/** A256GCM. @see RFC 7518 §5.3 */
const CONTENT_CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SHAPE = /^([\w-]+)\.([\w-]+)\.([\w-]{16})\.([\w-]*)\.([\w-]{22})$/;
const KEY_VERSION = /^([0-9A-Za-z-]{1,127})\/([0-9A-Za-z]{1,64})$/;

const fromBase64url = (text: string): Buffer => Buffer.from(text, 'base64url');

/** The public part of an RSA key, for `sealEnvelope`. Key Vault has none below the 2048 bits of RFC 7518 §4.3. */
export const sealingKeyOf = (modulus: Uint8Array, exponent: Uint8Array): KeyObject => {
  const [n = '', e = ''] = [modulus, exponent].map((part) => Buffer.from(part).toString('base64url'));
  return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
};

/**
 * Seals as a compact JWE with a fresh content key. The protected header names subject, seq and key version, and is
 * authenticated with the text. By Node's own calls, which are done when they return: what is built on WebCrypto
 * waits for a thread of the pool while a token is in memory alone.
 * @see RFC 7516 §5.1
 */
export const sealEnvelope = (
  plaintext: string,
  { subject, seq }: SealContext,
  { publicKey, name, version }: SealingKeyVersion & { readonly publicKey: KeyObject },
): SealedEnvelope => {
  const header = Buffer.from(JSON.stringify(envelopeHeader(`${name}/${version}`, subject, seq)));
  const contentKey = randomBytes(32);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CONTENT_CIPHER, contentKey, iv).setAAD(
    Buffer.from(header.toString('base64url'), 'ascii'),
  );
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const wrappedKey = publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, contentKey);
  return [header, wrappedKey, iv, ciphertext, cipher.getAuthTag()]
    .map((part) => part.toString('base64url'))
    .join('.');
};

/** Takes an envelope apart; `undefined` when it is none, or is damaged. */
export const parseEnvelope = (envelope: SealedEnvelope): EnvelopeParts | undefined => {
  const [, header = '', wrappedKey = '', iv = '', ciphertext = '', tag = ''] = SHAPE.exec(envelope) ?? [];
  const said = readEnvelopeHeader(envelope);
  const [, name, version] = KEY_VERSION.exec(said?.kid ?? '') ?? [];
  if (said === undefined || name === undefined || version === undefined || tag === '') return undefined;
  return {
    subject: said.grant,
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
 * The sealed text, by the content key that Key Vault unwrapped; `undefined` when the envelope was damaged.
 * @see RFC 7516 §5.2
 */
export const openEnvelope = (
  { iv, ciphertext, tag, additionalData }: EnvelopeParts,
  contentKey: Uint8Array,
): string | undefined => {
  try {
    const decipher = createDecipheriv(CONTENT_CIPHER, contentKey, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
