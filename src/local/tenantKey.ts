import { generateKeyPairSync, type KeyObject } from 'node:crypto';

let key: KeyObject | undefined;

/**
 * Signs what the tenant issues, access tokens and ID tokens, as the keys of Entra ID do. One for all tenants of this
 * process: to find an RSA key takes as long as to bring up the servers that use it.
 */
export const tenantKey = (): KeyObject => {
  key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return key;
};
