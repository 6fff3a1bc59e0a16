import {
  type StoreFailure,
  type StoreFailureReason,
  type StoreName,
  storeFailure,
} from '../../../src/lib/kernel/storeFailure.ts';
import type { ControlStore } from '../../../src/lib/stores/ports.ts';

/** The shared content of the fake control store: what survives every crash. */
export interface ControlState {
  /** The deployment whose workers use this store. */
  readonly deployment: string;
  body: string | undefined;
  etag: number;
  lease: { id: string; endsMs: number } | undefined;
  leases: number;
  readonly aside: string[];
  down: boolean;
  /** The next write lands, and its acknowledgement is lost. */
  loseAcknowledgement: boolean;
}

export const newControlState = (deployment = 'kw-other'): ControlState => ({
  deployment,
  body: undefined,
  etag: 0,
  lease: undefined,
  leases: 0,
  aside: [],
  down: false,
  loseAcknowledgement: false,
});

/** Runs one port call: the seam at which tests order calls, crash workers and lose answers. */
export type PortCall = <T>(name: string, effect: () => T) => Promise<T>;

/** What the methods of a port do and give, at once. */
type Effects<P> = {
  readonly [M in keyof P]: P[M] extends (...given: infer A) => Promise<infer R> ? (...given: A) => R : never;
};

/** A port each call of which goes through `call`, by the names of port and method, and fails while it is down. */
export const portOf = <P extends object>(
  port: string,
  call: PortCall,
  effects: Effects<P>,
  down: () => StoreFailure | undefined = () => undefined,
): P => {
  const effectOf = effects as Record<string, (...given: never[]) => unknown>;
  const calls: Record<string, unknown> = {};
  for (const method of Object.keys(effects))
    calls[method] = (...given: never[]) =>
      call(`${port}.${method}`, () => down() ?? effectOf[method]?.(...given));
  return calls as P;
};

export const failure = (
  store: StoreName,
  reason: StoreFailureReason,
  mayHaveLanded = false,
): StoreFailure => ({
  ...storeFailure(store, reason, { message: `The ${store} store said ${reason}.`, mayHaveLanded }),
  retryable: true,
});

/** One grant's control blob with the lease and ETag rules of Blob Storage, by the world's clock. */
export const fakeControlStore = (
  state: ControlState,
  nowEpochMs: () => number,
  call: PortCall,
): ControlStore => {
  const isOurs = (leaseId: string) =>
    state.lease !== undefined && state.lease.id === leaseId && state.lease.endsMs > nowEpochMs();
  const seconds = new Map<string, number>();
  return portOf<ControlStore>(
    'control',
    call,
    {
      acquire(recordId, leaseSeconds) {
        if (state.lease !== undefined && state.lease.endsMs > nowEpochMs()) return failure('control', 'held');
        const id = `lease-${++state.leases}`;
        state.lease = { id, endsMs: nowEpochMs() + leaseSeconds * 1000 };
        seconds.set(id, leaseSeconds);
        return { ok: true, lease: { recordId, leaseId: id }, storeNowEpochMs: nowEpochMs() };
      },
      renew({ leaseId }) {
        // A lapsed lease that nobody took may be renewed, as in Blob Storage.
        if (state.lease?.id !== leaseId) return failure('control', 'lost');
        state.lease.endsMs = nowEpochMs() + (seconds.get(leaseId) ?? 60) * 1000;
        return { ok: true, storeNowEpochMs: nowEpochMs() };
      },
      release({ leaseId }) {
        if (state.lease?.id === leaseId) state.lease = undefined;
        return { ok: true };
      },
      read: () => ({
        ok: true,
        snapshot: { body: state.body, etag: String(state.etag), storeNowEpochMs: nowEpochMs() },
      }),
      write({ leaseId }, body, etag) {
        if (!isOurs(leaseId)) return failure('control', 'lost');
        if (etag !== String(state.etag)) return failure('control', 'conflict');
        state.body = body;
        state.etag++;
        if (state.loseAcknowledgement) {
          state.loseAcknowledgement = false;
          return failure('control', 'unavailable', true);
        }
        return { ok: true, etag: String(state.etag), storeNowEpochMs: nowEpochMs() };
      },
      archiveUnreadable(_lease, body) {
        state.aside.push(body);
        return { ok: true, name: `aside/${state.aside.length}` };
      },
    },
    () => (state.down ? failure('control', 'unavailable') : undefined),
  );
};
