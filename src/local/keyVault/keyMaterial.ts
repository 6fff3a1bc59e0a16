import { constants, createPrivateKey, generateKeyPair, type JsonWebKey, privateDecrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { badParameter, notImplemented } from './errors.ts';

const generate = promisify(generateKeyPair);

export interface KeyRequest {
  readonly kty: unknown;
  readonly keySize?: unknown;
  readonly curve?: unknown;
}

/** Makes a real key pair. Hardware-backed and symmetric ones are refused: there is no HSM here. */
export const generateJwk = async ({ kty, keySize, curve }: KeyRequest): Promise<JsonWebKey> => {
  if (kty === 'RSA') {
    const { privateKey } = await generate('rsa', { modulusLength: Number(keySize ?? 2048) });
    return privateKey.export({ format: 'jwk' });
  }
  if (kty === 'EC') {
    const { privateKey } = await generate('ec', { namedCurve: String(curve ?? 'P-256') });
    return privateKey.export({ format: 'jwk' });
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
