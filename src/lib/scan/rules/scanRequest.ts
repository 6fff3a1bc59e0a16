import type { ScanMode } from './vaultScan.ts';

/** One message of the scan queue: which vault, how much to tell, and the id that joins what is told. */
export interface ScanRequest {
  /** Origin of the vault. */
  readonly vaultUrl: string;
  readonly scanId: string;
  readonly mode: ScanMode;
}

/**
 * Reads a message of the scan queue.
 * @throws Error naming the member that is wrong: such a message is nobody's but a fault of the program
 */
export const readScanRequest = (message: unknown): ScanRequest => {
  const { vaultUrl, scanId, mode } = (message ?? {}) as Record<string, unknown>;
  if (typeof vaultUrl !== 'string' || !URL.canParse(vaultUrl))
    throw new Error('scan message: vaultUrl is no address');
  if (typeof scanId !== 'string' || scanId === '') throw new Error('scan message: scanId is missing');
  if (mode !== 'attention' && mode !== 'inventory')
    throw new Error('scan message: mode is neither attention nor inventory');
  return { vaultUrl, scanId, mode };
};
