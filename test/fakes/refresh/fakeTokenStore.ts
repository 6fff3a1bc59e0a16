import type { StoreFailure } from '../../../src/lib/kernel/storeFailure.ts';
import type { NewTokenVersion, TokenStore, TokenVersion } from '../../../src/lib/stores/ports.ts';
import { failure, type PortCall, portOf } from './fakeControlStore.ts';

export interface VaultState {
  readonly versions: TokenVersion[];
  down: boolean;
  /** The next write lands, and its acknowledgement is lost. */
  loseAcknowledgement: boolean;
  /** A policy of the vault; absent: every end is taken. */
  takesEnd?: ((expiresOnEpochMs: number | undefined) => boolean) | undefined;
  writes: number;
  /** Versions ever made: no name is given twice, also after a restore. */
  made: number;
}

export const newVaultState = (): VaultState => ({
  versions: [],
  down: false,
  loseAcknowledgement: false,
  writes: 0,
  made: 0,
});

export const addVersion = (state: VaultState, version: NewTokenVersion, nowEpochMs: number): string => {
  const id = `v${++state.made}`;
  const createdEpochMs = Math.floor(nowEpochMs / 1000) * 1000;
  state.versions.push({ ...version, version: id, enabled: true, createdEpochMs });
  return id;
};

/** A Key Vault secret: no compare-and-swap, the last writer wins, nothing is inherited. */
export const fakeTokenStore = (state: VaultState, nowEpochMs: () => number, call: PortCall): TokenStore => {
  const change = (version: string, by: Partial<TokenVersion>): { ok: true } | StoreFailure => {
    const index = state.versions.findLastIndex((candidate) => candidate.version === version);
    const found = state.versions[index];
    if (found === undefined) return failure('vault', 'not_found');
    state.versions[index] = { ...found, ...by };
    return { ok: true };
  };
  return portOf<TokenStore>(
    'vault',
    call,
    {
      readLatest() {
        const latest = state.versions.at(-1);
        if (latest === undefined) return failure('vault', 'not_found');
        return latest.enabled ? { ok: true, latest } : failure('vault', 'disabled');
      },
      readVersion(_secret, version) {
        const token = state.versions.find((candidate) => candidate.version === version);
        if (token === undefined) return failure('vault', 'not_found');
        return token.enabled ? { ok: true, token } : failure('vault', 'disabled');
      },
      write(_secret, version) {
        if (state.takesEnd?.(version.expiresOnEpochMs) === false) return failure('vault', 'forbidden');
        state.writes++;
        const id = addVersion(state, version, nowEpochMs());
        if (!state.loseAcknowledgement) return { ok: true, version: id };
        state.loseAcknowledgement = false;
        return failure('vault', 'unavailable', true);
      },
      listVersions: () => ({ ok: true, versions: state.versions }),
      updateProperties: (_secret, version, properties) => change(version, properties),
      disableVersion: (_secret, version) => change(version, { enabled: false }),
    },
    () => (state.down ? failure('vault', 'unavailable', true) : undefined),
  );
};
