import { isSameAccount } from '../../lib/azure/storageAccount.ts';
import type { Paint } from './style.ts';

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
