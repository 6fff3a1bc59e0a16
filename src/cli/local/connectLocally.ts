import { app } from '../../lib/app/app.ts';
import { connectorOf } from '../../lib/app/connectorOf.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import type { LocalClock } from '../../local/clock.ts';
import { CONNECT_PORT, runConnect } from '../connect.ts';
import { configuredGrant } from '../grantOption.ts';

/** Connects one grant of the local company, alive or not, as `npm run connect` does. Never rejects. */
export const connectLocally = async (
  grantId: string | undefined,
  {
    clock,
    terminal,
    ended,
  }: { readonly clock: LocalClock; readonly terminal: Terminal; readonly ended: Promise<unknown> },
): Promise<void> => {
  if (grantId === undefined) return;
  const stop = new AbortController();
  void ended.then(() => stop.abort());
  try {
    const { config, connections } = await app();
    await runConnect(
      configuredGrant(config.grants, grantId, '--connect'),
      connectorOf(config, await connections()),
      terminal,
      {
        port: CONNECT_PORT,
        replace: true,
        isOtherAccountMeant: false,
        stop: stop.signal,
        nowEpochMs: clock.nowEpochMs(),
      },
    );
  } catch (error) {
    terminal.note(error instanceof Error ? error.message : String(error));
  }
};
