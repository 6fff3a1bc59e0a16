import type { Clock } from '../kernel/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { KeySet, SigningKey } from './ports.ts';
import { keyLoadFor, pauseMs } from './rules/keyLoad.ts';

export interface SigningKeys {
  /**
   * The key of this name.
   * @returns `unknown`: the tenant has none; `unavailable`: no key of the tenant could be read yet
   */
  keyOf(kid: string): Promise<SigningKey | 'unknown' | 'unavailable'>;
}

interface SigningKeysPorts {
  readonly keySet: KeySet;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Pick<Telemetry, 'failure'>;
}

/**
 * The signing keys of the identity provider, held in memory. They are read again every hour that they are used and
 * once for a name that is not among them, by one request at a time; where that fails the old ones hold.
 */
export const createSigningKeys = ({ keySet, clock, telemetry }: SigningKeysPorts): SigningKeys => {
  let held: { readonly keys: ReadonlyMap<string, SigningKey>; readonly loadedMs: number } | undefined;
  let failures = 0;
  let nextTryMs = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    const answer = await keySet.load();
    const nowMs = clock.monotonicMs();
    if (answer.ok) held = { keys: answer.keys, loadedMs: nowMs };
    else telemetry.failure(answer);
    failures = answer.ok ? 0 : failures + 1;
    nextTryMs = nowMs + pauseMs(failures);
    running = undefined;
  };

  return {
    async keyOf(kid) {
      const nowMs = clock.monotonicMs();
      const wanted = keyLoadFor(held?.keys.has(kid) === true, held && nowMs - held.loadedMs);
      if (wanted !== 'none' && nowMs >= nextTryMs) running ??= load();
      if (wanted === 'first') await running;
      return held === undefined ? 'unavailable' : (held.keys.get(kid) ?? 'unknown');
    },
  };
};
