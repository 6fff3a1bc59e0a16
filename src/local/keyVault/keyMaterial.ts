import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import { badParameter, notImplemented } from './errors.ts';

const generate = promisify(generateKeyPair);

const RSA_SIZES = new Set([2048, 3072, 4096]);
const CURVES = new Set(['P-256', 'P-384', 'P-521']);

export interface KeyRequest {
  readonly kty: unknown;
  readonly keySize?: unknown;
  readonly curve?: unknown;
}

/** Makes a real key pair. Hardware-backed and symmetric ones are refused: there is no HSM here. */
export const generateJwk = async ({ kty, keySize, curve }: KeyRequest): Promise<JsonWebKey> => {
  if (kty === 'RSA') {
    const modulusLength = keySize ?? 2048;
    if (typeof modulusLength !== 'number' || !RSA_SIZES.has(modulusLength))
      throw badParameter('key_size of an RSA key is 2048, 3072 or 4096');
    return (await generate('rsa', { modulusLength })).privateKey.export({ format: 'jwk' });
  }
  if (kty === 'EC') {
    const namedCurve = curve ?? 'P-256';
    if (typeof namedCurve !== 'string' || !CURVES.has(namedCurve))
      throw badParameter('crv of an EC key is P-256, P-384 or P-521');
    return (await generate('ec', { namedCurve })).privateKey.export({ format: 'jwk' });
  }
  throw notImplemented(`keys of type ${String(kty)}: RSA and EC only`);
};

const OAEP_HASH: Readonly<Record<string, string>> = { 'RSA-OAEP-256': 'sha256', 'RSA-OAEP': 'sha1' };

const oaep = (algorithm: unknown) => {
  const oaepHash = OAEP_HASH[String(algorithm)];
  if (oaepHash === undefined)
    throw notImplemented(`algorithm ${String(algorithm)}: RSA-OAEP-256 and RSA-OAEP`);
  return { oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING };
};

export const wrap = (jwk: JsonWebKey, algorithm: unknown, value: Buffer): Buffer =>
  publicEncrypt({ key: createPublicKey({ key: jwk, format: 'jwk' }), ...oaep(algorithm) }, value);

export const unwrap = (jwk: JsonWebKey, algorithm: unknown, value: Buffer): Buffer => {
  const options = { key: createPrivateKey({ key: jwk, format: 'jwk' }), ...oaep(algorithm) };
  try {
    return privateDecrypt(options, value);
  } catch {
    throw badParameter('the value was not wrapped with this key and algorithm');
  }
};
