import { identifierOf } from './bundles.ts';
import { type Answer, ok } from './call.ts';
import { badParameter, notImplemented } from './errors.ts';
import { nextLinkOf, pageRequestOf } from './paging.ts';

/** A read-only vault of any size, for measurements: every page is computed, nothing is held. */
export interface BulkVault {
  readonly secrets: number;
  /** Expiry of secret number 0; each next one expires a day later, over ten years. */
  readonly firstExpiresOnEpochMs: number;
}

const DAYS = 3_650;

/** Answers the listing of secrets (and empty ones of keys and certificates); all else is refused. */
export const answerBulk = (
  { secrets, firstExpiresOnEpochMs }: BulkVault,
  request: { method: string; path: string; query: URLSearchParams; baseUrl: string },
): Answer => {
  const { method, path, query, baseUrl } = request;
  if (method !== 'GET' || !['/secrets', '/keys', '/certificates'].includes(path))
    throw notImplemented(`${method} ${path} on a bulk vault, which can only be listed`);
  if (path !== '/secrets') return ok({ value: [], nextLink: null });
  const { size, after } = pageRequestOf(query);
  const start = after === undefined ? 0 : Number(after);
  if (!Number.isSafeInteger(start)) throw badParameter('$skiptoken was not issued here');
  const end = Math.min(start + size, secrets);
  const firstExpiry = Math.floor(firstExpiresOnEpochMs / 1000);
  const items: string[] = [];
  for (let index = start; index < end; index += 1) items.push(bulkItem(baseUrl, index, firstExpiry));
  const nextLink = end < secrets ? nextLinkOf(baseUrl, path, query, String(end)) : null;
  return ok(`{"value":[${items.join(',')}],"nextLink":${JSON.stringify(nextLink)}}`);
};

const bulkItem = (baseUrl: string, index: number, firstExpiry: number): string => {
  const exp = firstExpiry + (index % DAYS) * 86_400;
  const created = exp - DAYS * 86_400;
  return `{"id":"${identifierOf(baseUrl, 'secrets', `bulk-${index}`)}","attributes":{"enabled":true,"exp":${exp},"created":${created},"updated":${created},"recoveryLevel":"Recoverable+Purgeable","recoverableDays":90},"tags":{"keywatch-owner":"team-${index % 40}"}}`;
};
