import type { RefreshPorts } from '../../src/lib/usecases/refresh/refreshPorts.ts';

/** Ways to break the protocol through its ports. Each must make a fault test lose grants. */
const pretendToWrite =
  (state: 'intent' | 'sealed') =>
  (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    control: {
      ...ports.control,
      write: (lease, body, etag) =>
        body.includes(`"state": "${state}"`)
          ? Promise.resolve({ ok: true, etag: etag ?? '', storeNowEpochMs: ports.clock.nowEpochMs() })
          : ports.control.write(lease, body, etag),
    },
  });

export const SABOTAGE = {
  withoutIntent: pretendToWrite('intent'),
  withoutSealedJournal: pretendToWrite('sealed'),
  withoutThirdSink: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    orphans: { ...ports.orphans, list: async () => ({ ok: true, orphans: [], next: undefined }) },
  }),
  withoutWatchdog: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    watchdog: { arm: async () => ({ ok: true }) },
  }),
} as const;
