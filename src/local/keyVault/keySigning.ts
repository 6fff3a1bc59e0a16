import {
  constants,
  createHash,
  createPrivateKey,
  type JsonWebKey,
  privateEncrypt,
  randomBytes,
} from 'node:crypto';
import { badParameter, notImplemented } from './errors.ts';

const HASH_BYTES = 32;
/** The DER of `DigestInfo` for SHA-256 up to the digest itself. @see RFC 8017 §9.2 note 1 */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

const sha256 = (...parts: readonly Buffer[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** MGF1 with SHA-256. @see RFC 8017 appendix B.2.1 */
const mask = (seed: Buffer, length: number): Buffer => {
  const blocks: Buffer[] = [];
  for (let counter = 0; counter * HASH_BYTES < length; counter += 1) {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(counter);
    blocks.push(sha256(seed, octets));
  }
  return Buffer.concat(blocks).subarray(0, length);
};

/**
 * EMSA-PSS over a digest that is already made: Key Vault is sent the digest, and node:crypto would
 * hash it once more. The salt is as long as the hash. @see RFC 8017 §9.1.1
 */
const encodePss = (digest: Buffer, bytes: number): Buffer => {
  const salt = randomBytes(HASH_BYTES);
  const hash = sha256(Buffer.alloc(8), digest, salt);
  const block = Buffer.alloc(bytes - HASH_BYTES - 1);
  block[block.length - HASH_BYTES - 1] = 1;
  salt.copy(block, block.length - HASH_BYTES);
  const masked = mask(hash, block.length);
  for (let at = 0; at < block.length; at += 1) block[at] = (block[at] ?? 0) ^ (masked[at] ?? 0);
  // The modulus has a whole number of octets, so the number of bits is one less than theirs.
  block[0] = (block[0] ?? 0) & 0x7f;
  return Buffer.concat([block, hash, Buffer.from([0xbc])]);
};

/** Signs a SHA-256 digest. EC keys are refused: node:crypto cannot sign a digest with one. */
export const signDigest = (jwk: JsonWebKey, algorithm: unknown, digest: Buffer): Buffer => {
  if (digest.length !== HASH_BYTES) throw badParameter('value must be a SHA-256 digest');
  if (jwk.kty !== 'RSA' || (algorithm !== 'PS256' && algorithm !== 'RS256'))
    throw notImplemented(`signing with ${String(algorithm)}: PS256 and RS256 with RSA keys only`);
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  if (algorithm === 'RS256') {
    const info = Buffer.concat([SHA256_DIGEST_INFO, digest]);
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
  }
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encodePss(digest, bytes));
};
