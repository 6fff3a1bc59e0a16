import { generateKeyPairSync, type KeyObject } from 'node:crypto';

let key: KeyObject | undefined;

/**
 * Signs what the tenant issues, access tokens and ID tokens, as the keys of Entra ID do, and seals the tokens of a new
 * company. One for all of this process: to find an RSA key takes as long as to bring up the servers that use it.
 */
export const rsaKey = (): KeyObject => {
  key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return key;
};
