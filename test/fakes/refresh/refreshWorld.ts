import type { Clock } from '../../../src/lib/kernel/clock.ts';
import type { Grant } from '../../../src/lib/oauth/rules/grant.ts';
import {
  CUSTOM_PROVIDER_DEFAULTS,
  type ProviderProfile,
  type RotationClass,
} from '../../../src/lib/oauth/rules/providerProfile.ts';
import type { KeptEnvelope, RefreshDispatch, RefreshPorts } from '../../../src/lib/refresh/ports.ts';
import { envelopeSeq } from '../../../src/lib/stores/rules/sealedEnvelope.ts';
import { clientCredential, credentialStore } from '../clientCredential.ts';
import { type RecordingTelemetry, recordingTelemetry } from '../recordingTelemetry.ts';
import { type FakeAuthorizationServer, fakeAuthorizationServer } from './fakeAuthorizationServer.ts';
import {
  type ControlState,
  failure,
  fakeControlStore,
  newControlState,
  type PortCall,
  portOf,
} from './fakeControlStore.ts';
import {
  fakeSealedSecretStore,
  newestSealed,
  newSealedSecretState,
  type SealedSecretState,
} from './fakeSealedSecretStore.ts';
import { fakeTokenSeal } from './fakeTokenSeal.ts';
import { addVersion, fakeTokenStore, newVaultState, type VaultState } from './fakeTokenStore.ts';
import { type NetworkFault, sendThrough } from './tokenNetwork.ts';

/** Everything that survives a crash, and the clock. Ports of any number of workers act on it. */
export interface RefreshWorld {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
  readonly server: FakeAuthorizationServer;
  readonly control: ControlState;
  readonly vault: VaultState;
  /** `aside`: what was put there under another name than the grant's. */
  readonly fallback: { items: KeptEnvelope[]; aside: KeptEnvelope[]; down: boolean };
  /** Absent: every token is kept in the vault. */
  readonly sealed?: SealedSecretState | undefined;
  readonly watchdog: { dueMs: number[]; down: boolean };
  readonly telemetry: RecordingTelemetry;
  /** `shape`: which of the odd answers; absent: another one with each request. */
  readonly network: { fault: NetworkFault; requestsToFault: number; shape?: number | undefined };
  /** Breaks a part of every worker on purpose: a test that does not notice is worth nothing. */
  sabotage: (ports: RefreshPorts) => RefreshPorts;
  elapsedMs: number;
  /** How far ahead of the store's the wall clock of the workers is. */
  wallAheadMs: number;
  /** How long the monotonic clock of the workers stood still, as that of a suspended machine does. */
  sleptMs: number;
  ids: number;
}

const KEPT_A_PAGE = 3;

export const START_EPOCH_MS = Date.parse('2026-11-22T12:10:00Z');
export const worldNow = (world: RefreshWorld): number => START_EPOCH_MS + world.elapsedMs;
export const wallNow = (world: RefreshWorld): number => worldNow(world) + world.wallAheadMs;

/**
 * A grant with a fresh token in the vault that Keywatch has never looked at.
 * @param really how the server rotates, where that is not what the profile says
 */
export const refreshWorld = (rotation: RotationClass, really: RotationClass = rotation): RefreshWorld => {
  const profile: ProviderProfile = {
    ...CUSTOM_PROVIDER_DEFAULTS,
    id: rotation.kind,
    displayName: rotation.kind,
    rotation,
    idleDays: 90,
    tokenEndpoint: 'https://login.example/token',
  };
  const world: RefreshWorld = {
    grant: {
      id: 'crm',
      provider: profile.id,
      clientId: 'client',
      clientCredential: clientCredential('client_secret_post', {
        clientSecret: { secretName: 'crm-client' },
      }),
      secret: { vaultUrl: 'https://kv.vault.azure.net', name: 'crm-token' },
      mode: 'refreshed',
      targets: ['api.example', 'files.example'],
      owner: 'crm-team',
    },
    profile,
    server: fakeAuthorizationServer(really),
    control: newControlState('kw-prod'),
    vault: newVaultState(),
    fallback: { items: [], aside: [], down: false },
    watchdog: { dueMs: [], down: false },
    telemetry: recordingTelemetry(),
    network: { fault: 'none', requestsToFault: 0 },
    sabotage: (ports) => ports,
    elapsedMs: 0,
    wallAheadMs: 0,
    sleptMs: 0,
    ids: 0,
  };
  const value = world.server.consent();
  addVersion(
    world.vault,
    { value, tags: { 'keywatch-owner': 'crm-team' }, expiresOnEpochMs: undefined, contentType: undefined },
    worldNow(world),
  );
  return world;
};

/** The same for a grant whose access tokens are handed out: its token is kept sealed from the second look on. */
export const sealedWorld = (rotation: RotationClass, really: RotationClass = rotation): RefreshWorld => {
  const world = refreshWorld(rotation, really);
  return {
    ...world,
    grant: { ...world.grant, accessTokens: { callers: [] } },
    sealed: newSealedSecretState(),
  };
};

/** Another world in the same state, so that what many runs have in common happens once; of what was reported of it knows the failures. */
export const copyOf = (world: RefreshWorld): RefreshWorld => {
  const { control, vault, fallback, watchdog, sealed } = world;
  const telemetry = recordingTelemetry();
  telemetry.failures.push(...world.telemetry.failures);
  return {
    ...world,
    server: world.server.copy(),
    control: { ...control, lease: control.lease && { ...control.lease }, aside: [...control.aside] },
    vault: { ...vault, versions: [...vault.versions] },
    sealed: sealed && { ...sealed },
    fallback: { ...fallback, items: [...fallback.items], aside: [...fallback.aside] },
    watchdog: { ...watchdog, dueMs: [...watchdog.dueMs] },
    telemetry,
    network: { ...world.network },
  };
};

/** The same vault and server, seen from a deployment with a control store of its own. */
export const otherDeployment = (world: RefreshWorld, name = 'kw-dev'): RefreshWorld => ({
  ...world,
  control: newControlState(name),
  sealed: world.sealed && newSealedSecretState(),
  get elapsedMs() {
    return world.elapsedMs;
  },
  set elapsedMs(ms) {
    world.elapsedMs = ms;
  },
});

/** What takes messages to workers, and loses them: a test that wants the work done does it itself. */
export const dispatch: RefreshDispatch = { send: async () => ({ ok: true }) };

/** The ports of one worker. Every call goes through `call`; `clock` is the worker's own view of time. */
export const worldPorts = (
  world: RefreshWorld,
  call: PortCall,
  clock: Clock,
  newId: () => string = () => `id-${++world.ids}`,
): RefreshPorts & { readonly dispatch: RefreshDispatch } => {
  const nowEpochMs = () => worldNow(world);
  const { fallback, watchdog, sealed } = world;
  const ports = world.sabotage({
    clock,
    telemetry: world.telemetry,
    control: fakeControlStore(world.control, nowEpochMs, call),
    vault: fakeTokenStore(world.vault, nowEpochMs, call),
    seal: fakeTokenSeal(call, () => sealed !== undefined && world.vault.down),
    sealed: sealed && fakeSealedSecretStore(sealed, call),
    watchdog: portOf<RefreshPorts['watchdog']>('watchdog', call, {
      arm(_grantId, delaySeconds) {
        if (watchdog.down) return failure('watchdog', 'unavailable');
        watchdog.dueMs.push(world.elapsedMs + delaySeconds * 1000);
        return { ok: true };
      },
    }),
    fallback: portOf<RefreshPorts['fallback']>('fallback', call, {
      put(grantId, envelope) {
        if (fallback.down) return failure('fallback', 'unavailable');
        if (grantId === world.grant.id) fallback.items.push({ id: String(fallback.items.length), envelope });
        else fallback.aside.push({ id: grantId, envelope });
        return { ok: true };
      },
      list(grantId, _aboveSeq, from = '0') {
        if (fallback.down) return failure('fallback', 'unavailable');
        const items = grantId === world.grant.id ? fallback.items : fallback.aside;
        const sorted = [...items].sort((a, b) => envelopeSeq(b.envelope) - envelopeSeq(a.envelope));
        const end = Number(from) + KEPT_A_PAGE;
        const next = end < sorted.length ? String(end) : undefined;
        return { ok: true, fallback: sorted.slice(Number(from), end), next };
      },
      remove(_grantId, id) {
        fallback.items = fallback.items.filter((kept) => kept.id !== id);
        return { ok: true };
      },
    }),
    server: { refresh: (request) => sendThrough(world, call, clock, request) },
    clientCredentials: {
      ...credentialStore(),
      readSecret: () =>
        call('clientCredentials.readSecret', () => ({ ok: true, value: 'secret-of-the-client' })),
    },
    deployment: world.control.deployment,
    newId,
  });
  return { ...ports, dispatch };
};

/** The oracle: whether the store of the token holds one that works, which is what a consumer of the vault reads. */
export const storedTokenWorks = (world: RefreshWorld): boolean => {
  const sealed = newestSealed(world.sealed);
  return typeof sealed === 'string' ? world.server.accepts(sealed, world.elapsedMs) : vaultTokenWorks(world);
};

/** Whether a consumer that reads the vault now holds a token that works. */
export const vaultTokenWorks = (world: RefreshWorld): boolean => {
  const latest = world.vault.versions.at(-1);
  return latest?.enabled === true && world.server.accepts(latest.value, world.elapsedMs);
};
