import type { OnPage } from './ports.ts';

/** One page is enough to know that something may be listed. */
const FIRST_PAGE = Symbol('first page');

/** Lists as far as one page. @returns why not even that could be had; absent: it could */
export const failureBeforeFirstPage = async <F>(
  list: (onPage: OnPage) => Promise<{ readonly ok: true } | { readonly ok: false; readonly failure: F }>,
): Promise<F | undefined> => {
  const stopAfterOne = (): never => {
    throw FIRST_PAGE;
  };
  try {
    const listing = await list(stopAfterOne);
    return listing.ok ? undefined : listing.failure;
  } catch (thrown) {
    if (thrown !== FIRST_PAGE) throw thrown;
    return undefined;
  }
};
