import {
  constants,
  createECDH,
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

/** The order of the group of P-256. @see FIPS 186-4 D.1.2.3 */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const toInteger = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % P256_ORDER;
    square = (square * square) % P256_ORDER;
  }
  return result;
};

/**
 * ECDSA over a digest that is already made, which node:crypto has no call for: the curve's own multiplication
 * comes from ECDH. Not in constant time: for keys that are made up. @see FIPS 186-4 §6.4
 */
const signEcdsa = (jwk: JsonWebKey, digest: Buffer): Buffer => {
  const ephemeral = createECDH('prime256v1');
  const point = ephemeral.generateKeys();
  const r = toInteger(point.subarray(1, 33)) % P256_ORDER;
  // By Fermat: the order is a prime.
  const inverse = power(toInteger(ephemeral.getPrivateKey()), P256_ORDER - 2n);
  const secret = toInteger(Buffer.from(jwk.d ?? '', 'base64url'));
  const s = (inverse * (toInteger(digest) + r * secret)) % P256_ORDER;
  return Buffer.concat([toBytes(r), toBytes(s)]);
};

/** Signs a SHA-256 digest with PS256, RS256 or ES256. */
export const signDigest = (jwk: JsonWebKey, algorithm: unknown, digest: Buffer): Buffer => {
  if (digest.length !== HASH_BYTES) throw badParameter('value must be a SHA-256 digest');
  if (jwk.kty === 'EC' && jwk.crv === 'P-256' && algorithm === 'ES256') return signEcdsa(jwk, digest);
  if (jwk.kty !== 'RSA' || (algorithm !== 'PS256' && algorithm !== 'RS256'))
    throw notImplemented(`signing with ${String(algorithm)}: PS256, RS256 and ES256, with their keys, only`);
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  if (algorithm === 'RS256') {
    const info = Buffer.concat([SHA256_DIGEST_INFO, digest]);
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
  }
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encodePss(digest, bytes));
};
