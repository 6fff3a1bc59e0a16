import type { RefreshPorts } from '../../src/lib/refresh/ports.ts';
import { readControlRecord, writeControlRecord } from '../../src/lib/refresh/rules/controlRecordText.ts';
import { digestOf } from '../../src/lib/stores/digestOf.ts';
import type { TokenVersionProperties } from '../../src/lib/stores/ports.ts';

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
  withoutSealedRecord: pretendToWrite('sealed'),
  withoutThirdSink: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    fallback: { ...ports.fallback, list: async () => ({ ok: true, fallback: [], next: undefined }) },
  }),
  /** Hangs up on whoever does not answer within a lease. */
  withoutPatience: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    server: {
      refresh: (call) => ports.server.refresh({ ...call, timeoutMs: Math.min(call.timeoutMs, 15_000) }),
    },
  }),
  /** Believes a token only from an answer without any deviation. */
  withoutTolerance: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    server: {
      refresh: async (call) => {
        const answer = await ports.server.refresh(call);
        const isOdd = answer.kind === 'tokens' && answer.deviations.length > 0;
        return isOdd ? { kind: 'ambiguous', reason: 'odd' } : answer;
      },
    },
  }),
  /** Takes the wall clock of its machine for the control store's. */
  withoutStoreClock: (ports: RefreshPorts): RefreshPorts => {
    const { control, clock } = ports;
    const stamped = <T extends { ok: boolean }>(answer: T): T =>
      answer.ok ? { ...answer, storeNowEpochMs: clock.nowEpochMs() } : answer;
    return {
      ...ports,
      control: {
        ...control,
        acquire: async (id, seconds) => stamped(await control.acquire(id, seconds)),
        renew: async (lease) => stamped(await control.renew(lease)),
      },
    };
  },
  /** Counts only what the monotonic clock counts, and is not asked before the first byte. */
  withoutFence: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    clock: { ...ports.clock, nowEpochMs: () => ports.clock.monotonicMs() },
    server: { refresh: (call) => ports.server.refresh({ ...call, mayStillSend: undefined }) },
  }),
  /** Sees no deployment's name on any version. */
  withoutNames: (ports: RefreshPorts): RefreshPorts => {
    const nameless = <T extends TokenVersionProperties>(version: T): T => {
      const { 'keywatch-deployment': _, 'keywatch-stage': __, ...tags } = version.tags;
      return { ...version, tags };
    };
    const { vault } = ports;
    return {
      ...ports,
      vault: {
        ...vault,
        readLatest: async (secret) => {
          const read = await vault.readLatest(secret);
          return read.ok ? { ...read, latest: nameless(read.latest) } : read;
        },
        listVersions: async (secret) => {
          const listed = await vault.listVersions(secret);
          return listed.ok ? { ...listed, versions: listed.versions.map(nameless) } : listed;
        },
      },
    };
  },
  /** Never looks for what one of its writes, or somebody else's, has covered. */
  withoutInspectBelow: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    vault: { ...ports.vault, listVersions: async () => ({ ok: true, versions: [] }) },
  }),
  /** Forgets which tokens are spent, and what an answer taught about the provider. */
  withoutMemory: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    control: {
      ...ports.control,
      write: (lease, body, etag) => {
        const reading = readControlRecord(body, lease.recordId, digestOf);
        if (reading.kind !== 'record') return ports.control.write(lease, body, etag);
        const record = {
          ...reading.record,
          spentFingerprints: undefined,
          previousFingerprint: undefined,
          observedRotation: undefined,
        };
        return ports.control.write(lease, writeControlRecord(record, digestOf), etag);
      },
    },
  }),
  withoutWatchdog: (ports: RefreshPorts): RefreshPorts => ({
    ...ports,
    watchdog: { arm: async () => ({ ok: true }) },
  }),
} as const;
