import { SCAN_MODES, type ScanMode } from '../../credentials/runModes.ts';
import { CREDENTIAL_SOURCES, type SourceName } from '../../credentials/sources.ts';
import { keysOf } from '../../kernel/keysOf.ts';

/** One message of the scan queue: what to list, how much to report, and the id that joins what is reported. */
export interface ScanRequest {
  readonly source: SourceName;
  /** By the id that its source gives it: the origin of a vault. */
  readonly target: string;
  readonly runId: string;
  readonly mode: ScanMode;
}

/**
 * Reads a message of the scan queue.
 * @throws Error naming the member that is wrong: such a message is nobody's but a fault of the program
 */
export const readScanRequest = (message: unknown): ScanRequest => {
  const { source, target, runId, mode } = (message ?? {}) as Record<string, unknown>;
  const known = keysOf(CREDENTIAL_SOURCES).find((name) => name === source);
  if (known === undefined) throw new Error('scan message: source is none that is known');
  if (typeof target !== 'string' || target === '') throw new Error('scan message: target is missing');
  if (typeof runId !== 'string' || runId === '') throw new Error('scan message: runId is missing');
  const knownMode = SCAN_MODES.find((one) => one === mode);
  if (knownMode === undefined) throw new Error(`scan message: mode is none of ${SCAN_MODES.join(', ')}`);
  return { source: known, target, runId, mode: knownMode };
};
