import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { jsonObjectOf } from '../kernel/json.ts';

/** Whole listings only: that an object has no version at all is never true, and much would follow from it. */
const LISTING = /^\/(?:secrets|keys|certificates)$/;
const MEMBERS: ReadonlySet<string> = new Set(['value', 'nextLink']);

/**
 * Spells a page with nothing on it as the SDK wants it: it takes `{"value":null}` and `{}` for an answer that
 * is no listing, and an empty vault would be a failed scan for ever. Anything with other members stays as it is.
 */
export const emptyListingPolicy: PipelinePolicy = {
  name: 'keywatchEmptyListingPolicy',
  async sendRequest(request, next) {
    const response = await next(request);
    const { status, bodyAsText } = response;
    if (status !== 200 || !LISTING.test(new URL(request.url).pathname)) return response;
    const page = emptyPage(bodyAsText);
    return page === undefined ? response : { ...response, bodyAsText: JSON.stringify(page) };
  },
};

const emptyPage = (text: string | null | undefined): object | undefined => {
  // The usual page, which may be long, is not read twice.
  if (text === undefined || text === null || /^\s*\{\s*"value"\s*:\s*\[/.test(text)) return undefined;
  const page = jsonObjectOf(text);
  if (page === undefined || !Object.keys(page).every((name) => MEMBERS.has(name))) return undefined;
  const { value } = page;
  return value === undefined || value === null ? { ...page, value: [] } : undefined;
};
