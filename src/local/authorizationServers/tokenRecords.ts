import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { StateFile } from '../stateFile.ts';

export interface TokenRecordsOptions {
  readonly file: StateFile;
  /** The clock that the server is said to live by; it may be moved. */
  readonly nowEpochMs: () => number;
  /** The machine's clock, which oidc-provider reads by itself and nothing can move. */
  readonly machineEpochMs: () => number;
  /** For so long a refresh token that was used may be used again; 0 for strict rotation. */
  readonly graceSeconds: number;
}

export interface TokenRecords {
  adapterOf(model: string): Adapter;
  /** Writes everything, uses that are only just made too. */
  flush(): void;
  /** Forgets every grant, with its tokens. */
  endGrants(): void;
  readonly extra: Record<string, string>;
}

/** Every member of a payload that is a time. */
const TIMES = ['iat', 'exp', 'iiat', 'consumed', 'authTime', 'loginTs'] as const;
/** A use is written down only when it is this old: see `snapshot`. */
const USE_SETTLES_MS = 10_000;

const shifted = (payload: AdapterPayload, seconds: number): AdapterPayload => {
  const copy: AdapterPayload = { ...payload };
  for (const member of TIMES) {
    const time = copy[member];
    if (typeof time === 'number') copy[member] = time + seconds;
  }
  return copy;
};

interface State {
  readonly records: Record<string, AdapterPayload>;
  readonly extra: Record<string, string>;
}

/**
 * The store of an oidc-provider, whose clock can be moved although oidc-provider reads the machine's:
 * every time is kept by the moved clock and handed out by the machine's, so a token that was issued
 * before the clock went 60 days ahead looks 60 days older.
 */
export const tokenRecords = (options: TokenRecordsOptions): TokenRecords => {
  const { file, nowEpochMs, machineEpochMs, graceSeconds } = options;
  const loaded = (file.read() ?? {}) as Partial<State>;
  const records = new Map(Object.entries(loaded.records ?? {}));
  const extra = { ...loaded.extra };
  const aheadSeconds = (): number => Math.round((nowEpochMs() - machineEpochMs()) / 1000);
  const nowSeconds = (): number => Math.floor(nowEpochMs() / 1000);
  const usedAtMs = new Map<string, number>();

  /**
   * A token's use is saved later than its successor: when this process is killed between the two,
   * the server knows both after a restart. Otherwise killing the server together with its client would
   * lose a token that no protocol can save.
   */
  const snapshot = (settled: boolean): State => {
    const entries = [...records].filter(([, { exp }]) => exp === undefined || exp > nowSeconds());
    const written = entries.map(([key, payload]): [string, AdapterPayload] => {
      const ageMs = machineEpochMs() - (usedAtMs.get(key) ?? Number.NEGATIVE_INFINITY);
      const { consumed: _, ...unused } = payload;
      return settled || ageMs >= USE_SETTLES_MS ? [key, payload] : [key, unused];
    });
    return { records: Object.fromEntries(written), extra };
  };
  const save = (): void => file.write(() => snapshot(false));

  const read = (key: string): AdapterPayload | undefined => {
    const stored = records.get(key);
    if (stored === undefined) return undefined;
    const { consumed, ...unused } = stored;
    const inGrace = typeof consumed === 'number' && nowSeconds() - consumed < graceSeconds;
    return shifted(inGrace ? unused : stored, -aheadSeconds());
  };

  const find = async (key: string, matches: (payload: AdapterPayload) => boolean) => {
    const found = [...records].find(([name, payload]) => name.startsWith(key) && matches(payload));
    return found && read(found[0]);
  };

  return {
    extra,
    flush: () => file.write(() => snapshot(true)),
    endGrants() {
      for (const [key, { grantId }] of records)
        if (grantId !== undefined || key.startsWith('Grant:')) records.delete(key);
      save();
    },
    adapterOf: (model) => ({
      upsert: async (id, payload) => {
        records.set(`${model}:${id}`, shifted(payload, aheadSeconds()));
        save();
      },
      find: async (id) => read(`${model}:${id}`),
      findByUid: (uid) => find(`${model}:`, (payload) => payload.uid === uid),
      findByUserCode: (userCode) => find(`${model}:`, (payload) => payload.userCode === userCode),
      // Not saved by itself: the use and the successor are one change, saved with the successor.
      consume: async (id) => {
        const key = `${model}:${id}`;
        const stored = records.get(key);
        if (stored === undefined || stored.consumed !== undefined) return;
        records.set(key, { ...stored, consumed: nowSeconds() });
        usedAtMs.set(key, machineEpochMs());
      },
      destroy: async (id) => {
        records.delete(`${model}:${id}`);
        save();
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, payload] of records)
          if (key.startsWith(`${model}:`) && payload.grantId === grantId) records.delete(key);
        save();
      },
    }),
  };
};
