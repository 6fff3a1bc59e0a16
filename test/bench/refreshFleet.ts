import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { Clock } from '../../src/lib/kernel/clock.ts';
import type { Grant } from '../../src/lib/oauth/rules/grant.ts';
import type { ProviderProfile, RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import type { RefreshDispatch, RefreshPorts } from '../../src/lib/refresh/ports.ts';
import { sealEnvelope } from '../../src/lib/stores/keyVault/sealedEnvelope.ts';
import type { ControlSnapshot } from '../../src/lib/stores/ports.ts';
import type { Telemetry } from '../../src/lib/telemetry/telemetry.ts';
import { credentialStore } from '../fakes/clientCredential.ts';
import {
  type RefreshWorld,
  START_EPOCH_MS,
  storedTokenWorks,
  worldPorts,
} from '../fakes/refresh/refreshWorld.ts';
import { agedGrant } from './agedGrant.ts';

/** What a call to the outside takes; a name is a port and its method, as in the crash table. */
export type LatencyOf = (name: string) => number;

/** A token endpoint of 150 ms, every store 20 ms; the public part of the sealing key is cached. */
export const CLOUD_LATENCIES: LatencyOf = (name) => {
  if (name === 'server.refresh') return 150;
  return name === 'seal.prepare' || name.startsWith('clientAuthentication.') ? 0 : 20;
};

export interface FleetGrant {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
}

export interface FleetOptions {
  /** How time passes; what time it is follows from when the grants fall due. */
  readonly time: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly telemetry: Telemetry;
  readonly dispatch: RefreshDispatch;
  readonly rotation: RotationClass;
  readonly latencyOf: LatencyOf;
}

/**
 * Stores and authorization servers of any number of grants that fall due, each call with its latency. A
 * grant exists in full only from its first call under a lease until it is forgotten, so that what grows
 * with the number of grants is not this.
 */
export const refreshFleet = async (options: FleetOptions) => {
  const { time, telemetry, dispatch, rotation, latencyOf } = options;
  const aged = await agedGrant(rotation);
  const originMs = time.monotonicMs();
  const live = new Map<string, { world: RefreshWorld; ports: RefreshPorts }>();
  const calls = new Map<string, number>();
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  const elapsedMs = () => aged.elapsedMs + time.monotonicMs() - originMs;
  const clock: Clock = { ...time, nowEpochMs: () => START_EPOCH_MS + elapsedMs() };
  const pass = async (name: string): Promise<void> => {
    calls.set(name, (calls.get(name) ?? 0) + 1);
    const latencyMs = latencyOf(name);
    if (latencyMs > 0) await clock.sleep(latencyMs);
  };
  const openGrant = (grantId: string) => {
    const found = live.get(grantId);
    if (found !== undefined) return found;
    const world = aged.copy(grantId);
    const call = async <T>(name: string, effect: () => T): Promise<T> => {
      await pass(name);
      world.elapsedMs = elapsedMs();
      return effect();
    };
    const opened = { world, ports: worldPorts(world, call, clock) };
    live.set(grantId, opened);
    return opened;
  };
  const of = (grantId: string): RefreshPorts => openGrant(grantId).ports;

  /** The timer reads every record: of a grant that nobody is at, only that is made. */
  const readUnopened = async (grantId: string) => {
    await pass('control.read');
    const storeNowEpochMs = clock.nowEpochMs();
    const snapshot: ControlSnapshot = { body: aged.bodyOf(grantId), etag: '0', storeNowEpochMs };
    return { ok: true as const, snapshot };
  };

  const ports: RefreshPorts & { readonly dispatch: RefreshDispatch } = {
    clock,
    telemetry,
    newId: randomUUID,
    dispatch: {
      async send(...sent) {
        await pass('dispatch.send');
        return dispatch.send(...sent);
      },
    },
    control: {
      acquire: (grantId, seconds) => of(grantId).control.acquire(grantId, seconds),
      renew: (lease) => of(lease.recordId).control.renew(lease),
      release: (lease) => of(lease.recordId).control.release(lease),
      read: (grantId) => (live.has(grantId) ? of(grantId).control.read(grantId) : readUnopened(grantId)),
      write: (lease, body, etag) => of(lease.recordId).control.write(lease, body, etag),
      archiveUnreadable: (lease, body) => of(lease.recordId).control.archiveUnreadable(lease, body),
    },
    vault: {
      readLatest: (secret) => of(secret.name).vault.readLatest(secret),
      readVersion: (secret, version) => of(secret.name).vault.readVersion(secret, version),
      write: (secret, version) => of(secret.name).vault.write(secret, version),
      listVersions: (secret) => of(secret.name).vault.listVersions(secret),
      updateProperties: (secret, version, by) => of(secret.name).vault.updateProperties(secret, version, by),
      disableVersion: (secret, version) => of(secret.name).vault.disableVersion(secret, version),
    },
    // The cryptography is the real one: it is a part of the time that a refresh takes.
    seal: {
      async prepare() {
        await pass('seal.prepare');
        return {
          ok: true,
          seal: (plaintext, context) =>
            sealEnvelope(plaintext, context, { name: 'keywatch-seal', version: '1', publicKey }),
        };
      },
      unseal: () => Promise.reject(new Error('nothing fails here, so nothing is ever unsealed')),
    },
    watchdog: { arm: (grantId, seconds) => of(grantId).watchdog.arm(grantId, seconds) },
    fallback: {
      put: (grantId, envelope) => of(grantId).fallback.put(grantId, envelope),
      list: (grantId, ...asked) => of(grantId).fallback.list(grantId, ...asked),
      remove: (grantId, id) => of(grantId).fallback.remove(grantId, id),
    },
    server: { refresh: (call) => of(call.grantId).server.refresh(call) },
    clientCredentials: credentialStore(),
  };

  return {
    ports,
    calls: (): Readonly<Record<string, number>> => Object.fromEntries(calls),
    /** Grants with names of their own at one authorization server. */
    grants: (count: number, { id, ...other }: Pick<ProviderProfile, 'id'> & Partial<ProviderProfile>) => {
      const tokenEndpoint = `https://${id}.example/token`;
      const profile = { ...aged.profile, ...other, id, displayName: id, tokenEndpoint };
      return Array.from({ length: count }, (_, index): FleetGrant => {
        const name = `${id}-${index}`;
        const secret = { ...aged.grant.secret, name };
        return { grant: { ...aged.grant, id: name, provider: id, secret }, profile };
      });
    },
    /** Whether the authorization server still takes the token that the vault holds. */
    isKept: (grantId: string): boolean => storedTokenWorks(openGrant(grantId).world),
    forget: (grantId: string): void => void live.delete(grantId),
  };
};
