import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** What one sign-in of one browser knows; a store has the hash of either alone. */
export interface SealingHandles {
  /** The text of the cookie. */
  readonly browser: string;
  readonly state: string;
}

/** The text of the cookie stands in no address and in no log: whoever has but the store and the `state` opens nothing. */
const keyOf = ({ browser, state }: SealingHandles): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', browser, state, 'keywatch sign-in', 32));

/** A path that only the browser opens which goes there, and only at the end of this sign-in. */
export const sealPath = (path: string, handles: SealingHandles): string => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyOf(handles), iv);
  const sealed = Buffer.concat([cipher.update(path, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
};

/** `undefined` for what was not sealed so. */
export const openPath = (sealed: string, handles: SealingHandles): string | undefined => {
  const bytes = Buffer.from(sealed, 'base64url');
  const [iv, tag] = [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES)];
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(handles), iv, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    const opened = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(opened).toString('utf8');
  } catch {
    return undefined;
  }
};
