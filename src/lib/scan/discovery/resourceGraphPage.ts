import { jsonObjectOf } from '../../kernel/json.ts';

export interface FoundVault {
  readonly subscriptionId: string;
  /** `properties.vaultUri`; a vault that is still being made has none. */
  readonly vaultUri: string | undefined;
}

/** One answer of Resource Graph to the query for vaults. */
export interface ResourceGraphPage {
  readonly vaults: readonly FoundVault[];
  /** To be sent for the next page; absent on the last one. */
  readonly skipToken: string | undefined;
}

/**
 * Reads an answer in the format `objectArray`; `undefined` when it is none, or is cut short without
 * saying where it goes on.
 * @see https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources
 */
export const readResourceGraphPage = (text: string): ResourceGraphPage | undefined => {
  const { data, resultTruncated, $skipToken: skipToken } = jsonObjectOf(text) ?? {};
  if (!Array.isArray(data) || !data.every(isRow)) return undefined;
  const hasMore = typeof skipToken === 'string' && skipToken !== '';
  if (resultTruncated === 'true' && !hasMore) return undefined;
  return {
    vaults: data.map(({ subscriptionId, vaultUri }) => ({
      subscriptionId: subscriptionId.toLowerCase(),
      vaultUri: vaultUri || undefined,
    })),
    skipToken: hasMore ? skipToken : undefined,
  };
};

interface Row {
  readonly subscriptionId: string;
  readonly vaultUri?: string | null;
}

const isRow = (row: unknown): row is Row => {
  if (typeof row !== 'object' || row === null) return false;
  const { subscriptionId, vaultUri } = row as { readonly [Column in keyof Row]?: unknown };
  if (typeof subscriptionId !== 'string') return false;
  return vaultUri === undefined || vaultUri === null || typeof vaultUri === 'string';
};
