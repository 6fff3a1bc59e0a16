/** One answer of Resource Graph to the query for vaults. */
export interface ResourceGraphPage {
  /** `properties.vaultUri` of each row; rows of vaults that are still being made have none. */
  readonly vaultUris: readonly string[];
  /** To be sent for the next page; absent on the last one. */
  readonly skipToken: string | undefined;
}

/**
 * Reads an answer in the format `objectArray`; `undefined` when it is none, or is cut short without
 * saying where it goes on.
 * @see https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources
 */
export const readResourceGraphPage = (text: string): ResourceGraphPage | undefined => {
  const answer = parsed(text);
  const { data, resultTruncated, $skipToken: skipToken } = answer ?? {};
  if (!Array.isArray(data) || !data.every(isRow)) return undefined;
  const hasMore = typeof skipToken === 'string' && skipToken !== '';
  if (resultTruncated === 'true' && !hasMore) return undefined;
  return {
    vaultUris: data.map(({ vaultUri }) => vaultUri ?? '').filter((uri) => uri !== ''),
    skipToken: hasMore ? skipToken : undefined,
  };
};

const isRow = (row: unknown): row is { readonly vaultUri?: string | null } => {
  if (typeof row !== 'object' || row === null) return false;
  const { vaultUri } = row as { readonly vaultUri?: unknown };
  return vaultUri === undefined || vaultUri === null || typeof vaultUri === 'string';
};

const parsed = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
