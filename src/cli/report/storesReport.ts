import type { Paint } from './style.ts';

/** Name of the storage account behind an address of one of its services; a stand-in has it in its path. */
const accountOf = (serviceUrl: string): string => {
  const { hostname, pathname } = new URL(serviceUrl);
  const [, account = hostname.split('.')[0] ?? ''] = /^\/([^/]+)/.exec(pathname) ?? [];
  // The readable copy in the paired region is the same account.
  return account.replace(/-secondary$/, '');
};

/** Whether two addresses lead to one storage account, and so fail together. */
const isSameAccount = (one: string, other: string): boolean => accountOf(one) === accountOf(other);

/** What would make a new token safer, as far as the addresses of the stores tell. */
export const storesReport = (
  refresh: { readonly blobServiceUrl: string; readonly fallbackBlobServiceUrl: string } | undefined,
  paint: Paint,
): string[] =>
  refresh !== undefined && isSameAccount(refresh.blobServiceUrl, refresh.fallbackBlobServiceUrl)
    ? [
        '',
        `${paint('▲', 'yellow')} The fallback store is the storage account of the control store: when that account is down, a new token has the vault alone, and the grants whose token is kept sealed wait. Set KEYWATCH_FALLBACK_BLOB_SERVICE_URL to the Blob service of another account, best in another region.`,
      ]
    : [];
