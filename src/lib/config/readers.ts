import { guidOf } from '../kernel/guid.ts';
import { isLinkForPeople } from '../kernel/linkForPeople.ts';
import { isLoopback } from '../kernel/vaultUrl.ts';

/** Readers of settings: text in, value out, `undefined` for text that is not allowed. */
type Reader<T> = (text: string) => T | undefined;

export const readText: Reader<string> = (text) => (text.trim() === '' ? undefined : text.trim());

export const readGuid: Reader<string> = (text) => guidOf(text.trim());

export const readBoolean: Reader<boolean> = (text) => {
  const word = text.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word === 'true' : undefined;
};

/** A whole number within bounds, both allowed. */
export const readCount =
  (minimum: number, maximum: number): Reader<number> =>
  (text) => {
    if (!/^\s*\d{1,9}\s*$/.test(text)) return undefined;
    const number = Number(text);
    return number >= minimum && number <= maximum ? number : undefined;
  };

/**
 * Items separated by commas, semicolons or white space; empty ones are passed over, repeated ones kept once.
 * A list of nothing but separators is not allowed: it reads like a list, and nothing would be watched.
 */
export const readList =
  <T>(readItem: Reader<T>): Reader<readonly T[]> =>
  (text) => {
    const items = text.split(/[\s,;]+/).filter((item) => item !== '');
    const values = items.map(readItem);
    return values.length === 0 || values.includes(undefined) ? undefined : [...new Set(values as T[])];
  };

/** An https address without a query, or http on this machine (whether local mode allows that is decided where it is used). */
export const readOrigin: Reader<string> = (text) => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!isEncryptedOrLocal(url) || hasExtras(url)) return undefined;
  return url.href.replace(/\/$/, '');
};

/** The same without a path. */
export const readBareOrigin: Reader<string> = (text) => {
  const url = readOrigin(text);
  return url !== undefined && new URL(url).origin === url ? url : undefined;
};

/** An address that people open. */
export const readLink: Reader<string> = (text) => (isLinkForPeople(text.trim()) ? text.trim() : undefined);

const isEncryptedOrLocal = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.href));

const hasExtras = ({ username, password, search, hash }: URL): boolean =>
  [username, password, search, hash].some((part) => part !== '');

/** `https://HOST/keys/NAME`, never with a version: the newest seals, and each envelope names the one that opens it. */
export const readKeyId: Reader<string> = (text) => {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!isEncryptedOrLocal(url) || hasExtras(url)) return undefined;
  return /^\/keys\/[0-9A-Za-z-]{1,127}$/.test(url.pathname) ? url.href : undefined;
};
