import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import type { RefreshPorts } from '../../src/lib/refresh/ports.ts';
import { refreshGrant } from '../../src/lib/refresh/refreshGrant.ts';
import { publicClient } from '../fakes/clientCredential.ts';
import { recordingTelemetry } from '../fakes/recordingTelemetry.ts';
import { CLOUD_LATENCIES, refreshFleet } from './refreshFleet.ts';
import { virtualTime } from './virtualTime.ts';

/** What one refresh asks of the outside. */
export interface RefreshCost {
  /** Calls by name. */
  readonly calls: Readonly<Record<string, number>>;
  /** From the first call to the end of the last, when nothing but the calls takes time. */
  readonly pathMs: number;
}

export const CLASSES: Readonly<Record<string, RotationClass>> = {
  strict: { kind: 'strict' },
  'grace 10 min': { kind: 'grace', graceSeconds: 600 },
  'keeps-old': { kind: 'keeps_old' },
  static: { kind: 'static' },
};

type Run = (ports: RefreshPorts, request: Parameters<typeof refreshGrant>[1]) => Promise<unknown>;

const costOf = async (rotation: RotationClass, run: Run): Promise<RefreshCost> => {
  const time = virtualTime();
  const fleet = await refreshFleet({
    time,
    telemetry: recordingTelemetry(),
    dispatch: { send: async () => ({ ok: true }) },
    rotation,
    latencyOf: CLOUD_LATENCIES,
  });
  const [due] = fleet.grants(1, { id: 'one' });
  if (due === undefined) throw new Error('there is no grant');
  const pathMs = await time.take(async () => {
    await run(fleet.ports, { ...due, trigger: 'due' });
  });
  if (!fleet.isKept(due.grant.id)) throw new Error(`a grant was lost (${rotation.kind})`);
  return { calls: fleet.calls(), pathMs };
};

/** Counted and timed on the production protocol, in a time in which only calls take any. */
export const refreshCost = (rotation: RotationClass): Promise<RefreshCost> =>
  costOf(rotation, async (ports, request) => {
    const outcome = await refreshGrant(ports, request);
    if (outcome.kind !== 'refreshed') throw new Error(`the refresh ended as ${outcome.kind}`);
  });

/** Read, post, set: what most refreshers do, and what loses a token whenever the third step fails. */
export const naiveCost = (rotation: RotationClass): Promise<RefreshCost> =>
  costOf(rotation, async ({ vault, server }, { grant, profile }) => {
    const read = await vault.readLatest(grant.secret);
    if (!read.ok) throw new Error('the secret could not be read');
    const answer = await server.refresh({
      grantId: grant.id,
      profile,
      clientId: grant.clientId,
      authenticate: publicClient,
      refreshToken: read.latest.value,
      timeoutMs: 10_000,
    });
    if (answer.kind !== 'tokens') throw new Error('the token was refused');
    if (answer.refreshToken === undefined) return;
    await vault.write(grant.secret, { ...read.latest, value: answer.refreshToken });
  });
