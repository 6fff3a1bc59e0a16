import type { ScanMode } from './vaultScan.ts';

/** One message of the scan queue: which vault, how much to tell, and the id that joins what is reported. */
export interface ScanRequest {
  /** Origin of the vault. */
  readonly vaultUrl: string;
  readonly runId: string;
  readonly mode: ScanMode;
}

/**
 * Reads a message of the scan queue.
 * @throws Error naming the member that is wrong: such a message is nobody's but a fault of the program
 */
export const readScanRequest = (message: unknown): ScanRequest => {
  const { vaultUrl, runId, mode } = (message ?? {}) as Record<string, unknown>;
  if (typeof vaultUrl !== 'string' || !URL.canParse(vaultUrl))
    throw new Error('scan message: vaultUrl is no address');
  if (typeof runId !== 'string' || runId === '') throw new Error('scan message: runId is missing');
  if (mode !== 'attention' && mode !== 'full')
    throw new Error('scan message: mode is neither attention nor inventory');
  return { vaultUrl, runId, mode };
};
