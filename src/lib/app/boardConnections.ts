import type { PieceStore, UseLogs } from '../board/ports.ts';
import { stateRecorder } from '../board/stateRecorder.ts';
import type { Config } from '../config/config.ts';
import type { ScanRecorder } from '../scan/ports.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { BOARD_CONTAINER } from './containers.ts';
import { openedOnUse } from './openedOnUse.ts';
import type { Platform } from './platform.ts';
import { recordContainer } from './recordStores.ts';

interface BoardConnections {
  /** Absent where no blob service is named: then nothing is kept. */
  readonly state: PieceStore | undefined;
  readonly telemetry: Telemetry;
  readonly scans: ScanRecorder | undefined;
}

/** What the board shows: its store, and who fills it on the way of telemetry. */
export const connectBoard = (
  { blobServiceUrl }: Config,
  { clock, telemetry, redactor, storage }: Platform,
): BoardConnections => {
  if (blobServiceUrl === undefined) return { state: undefined, telemetry, scans: undefined };
  const methods = {
    list: true,
    read: true,
    write: true,
    append: true,
    readLines: true,
    remove: true,
  } as const;
  const state = openedOnUse<PieceStore>(methods, async () => {
    const { blobPieceStore } = await import('../board/blob/blobPieceStore.ts');
    return blobPieceStore({
      container: await recordContainer(blobServiceUrl, BOARD_CONTAINER, storage),
      clock,
    });
  });
  return { state, ...stateRecorder({ store: state, clock, redactor, telemetry }) };
};

/** The workspace that knows who uses which credential, under the identity that scans. */
export const connectUseLogs = (
  { useWorkspaceId: workspaceId, scannerClientId, refresherClientId, rotatorClientId, allowLoopback }: Config,
  { clock, scanner: credential }: Platform,
): UseLogs | undefined =>
  workspaceId === undefined
    ? undefined
    : openedOnUse<UseLogs>({ read: true }, async () => {
        const [{ logsQuery }, { useLogs }] = await Promise.all([
          import('../azure/logs/logsQuery.ts'),
          import('./useLogs.ts'),
        ]);
        const logs = logsQuery({ credential, clock, workspaceId, allowLoopback });
        return useLogs(logs, [scannerClientId, refresherClientId, rotatorClientId]);
      });
