import {
  constants,
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import type { SealContext, SealedEnvelope } from '../ports/tokenSeal.ts';

/** The version of a Key Vault key, by name: where it is comes from the config, never from an envelope. */
export interface SealingKeyVersion {
  readonly name: string;
  readonly version: string;
}

/** An envelope taken apart; nothing of it is authenticated before it is opened. */
export interface EnvelopeParts {
  readonly seq: number;
  readonly key: SealingKeyVersion;
  readonly wrappedKey: Buffer;
  readonly iv: Buffer;
  readonly ciphertext: Buffer;
  readonly tag: Buffer;
}

const PREFIX = 'kwseal1';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const SHAPE =
  /^kwseal1\.(\d{1,15})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]+)$/;
const KEY_VERSION = /^([0-9A-Za-z-]{1,127})\/([0-9A-Za-z]{1,64})$/;

const fromBase64url = (text: string): Buffer => Buffer.from(text, 'base64url');

const additionalData = ({ grantId, seq }: SealContext, { name, version }: SealingKeyVersion): Buffer =>
  Buffer.from([PREFIX, grantId, seq, name, version].join('|'));

/**
 * Seals with a fresh AES-256-GCM key, wrapped by RSA-OAEP-256. Local: no network is touched. Grant,
 * seq and key version are authenticated with the text.
 */
export const sealEnvelope = (
  plaintext: string,
  context: SealContext,
  { publicKey, ...key }: SealingKeyVersion & { publicKey: KeyObject },
): SealedEnvelope => {
  const contentKey = randomBytes(32);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv);
  cipher.setAAD(additionalData(context, key));
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  const wrappedKey = publicEncrypt({ key: publicKey, ...padding }, contentKey);
  contentKey.fill(0);
  const named = Buffer.from(`${key.name}/${key.version}`);
  const rest = [named, wrappedKey, iv, sealed].map((part) => part.toString('base64url'));
  return [PREFIX, context.seq, ...rest].join('.');
};

/** Takes an envelope apart; `undefined` when it is none, or is damaged. */
export const parseEnvelope = (envelope: SealedEnvelope): EnvelopeParts | undefined => {
  const [, seq, named, wrappedKey, iv, sealed] = SHAPE.exec(envelope) ?? [];
  if (!seq || !named || !wrappedKey || !iv || !sealed) return undefined;
  const [, name, version] = KEY_VERSION.exec(fromBase64url(named).toString()) ?? [];
  const bytes = fromBase64url(sealed);
  if (name === undefined || version === undefined || bytes.length < TAG_BYTES) return undefined;
  return {
    seq: Number(seq),
    key: { name, version },
    wrappedKey: fromBase64url(wrappedKey),
    iv: fromBase64url(iv),
    ciphertext: bytes.subarray(0, -TAG_BYTES),
    tag: bytes.subarray(-TAG_BYTES),
  };
};

/** The sealed text; `undefined` when the envelope was damaged or made for another grant, seq or key. */
export const openEnvelope = (
  parts: EnvelopeParts,
  grantId: string,
  contentKey: Uint8Array,
): string | undefined => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', contentKey, parts.iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(additionalData({ grantId, seq: parts.seq }, parts.key));
    decipher.setAuthTag(parts.tag);
    return Buffer.concat([decipher.update(parts.ciphertext), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
