import { constants, createPrivateKey, generateKeyPair, type JsonWebKey, privateDecrypt } from 'node:crypto';
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

export const unwrap = (jwk: JsonWebKey, algorithm: unknown, value: Buffer): Buffer => {
  if (algorithm !== 'RSA-OAEP-256') throw notImplemented(`algorithm ${String(algorithm)}: RSA-OAEP-256`);
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  try {
    return privateDecrypt({ key, oaepHash: 'sha256', padding: constants.RSA_PKCS1_OAEP_PADDING }, value);
  } catch {
    throw badParameter('the value was not wrapped with this key and algorithm');
  }
};
