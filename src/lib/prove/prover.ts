import { randomUUID } from 'node:crypto';
import { PROOF_JOB } from '../credentials/jobs.ts';
import { isDailyReportDue } from '../kernel/dailyHour.ts';
import { eachOf } from '../kernel/eachOf.ts';
import { DAY_MS } from '../kernel/time.ts';
import { type HoldSecret, holdAnswered } from '../oauth/holdingCredentials.ts';
import type { Grant } from '../oauth/rules/grant.ts';
import type { ProviderProfile } from '../oauth/rules/providerProfile.ts';
import { forgettingWhenSent } from '../telemetry/forgetWhenSent.ts';
import type { SecretRegister } from '../telemetry/secretRegister.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import { type ConfiguredClient, configuredGrant, subjectIdOf } from './configuredClient.ts';
import type { ProofContext } from './ports.ts';
import type { Evidence, ProofPorts } from './proofWork.ts';
import { type Proof, proveClient } from './proveClient.ts';
import { reportProof } from './reportProof.ts';

export interface ProverPorts extends Pick<ProofPorts, 'clock' | 'telemetry'> {
  readonly secrets: SecretRegister;
  /** Absent where nothing is proven. */
  readonly prove: Omit<ProofPorts, 'clock' | 'telemetry'> | undefined;
}

export interface ProverSettings {
  readonly clients: readonly ConfiguredClient[];
  readonly dailyReportHourUtc: number;
  /** What the config calls a vault. */
  readonly vaultName: (vaultUrl: string) => string;
  /** Whether a value is a name of the configuration: nobody may make one a secret. */
  readonly isConfiguredName: (value: string) => boolean;
  /** Aborted: this process is about to end. What is under way is cut off, which loses nothing. */
  readonly ending?: AbortSignal | undefined;
}

export interface ProofSummary {
  readonly clients: number;
  readonly proven: number;
  /** Of which nothing is known: not begun in time, or what threw. */
  readonly left: number;
  /** Those that are neither proven nor left, with what came of them. */
  readonly others: readonly { readonly id: string; readonly outcome: Proof['outcome'] }[];
}

/** What triggers and commands may ask about credentials that are proven by using them. */
export interface Prover {
  /**
   * What a run of the proof timer does: every client, and the heartbeat. While one is under way it is the same run.
   * @param periodSeconds between two runs; absent where nobody knows
   */
  proveAll(lastRunEpochMs: number | undefined, periodSeconds?: number): Promise<ProofSummary>;
  /** Proves one client by hand, with the call that should fail; absent: the config does not name it. */
  prove(clientId: string, onWait?: ProofContext['onWait']): Promise<Proof | undefined>;
  /** Tries the new access token of a grant, once it is stored and reported. */
  proveToken(grant: Grant, profile: ProviderProfile, accessToken: string): Promise<void>;
}

interface ProofTurn extends Pick<ProofContext, 'onWait'> {
  readonly runId: string;
  readonly isDaily: boolean;
  /** Where a proof leaves what makes its secrets forgotten. */
  readonly done: (() => void)[];
  readonly given?: Evidence;
}

const AT_A_TIME = 16;
/** Of one proof: a vault, seven requests of ten seconds at most, and two waits for a token. */
const PROOF_TIMEOUT_MS = 120_000;
/** No proof is begun later in a run: the host ends it after half an hour, and the next one comes. */
const BEGIN_WITHIN_MS = 20 * 60_000;
/** Every value that is known is looked for in every text that leaves. */
const FORGET_AFTER = 64;

/** The proof of what the settings name, over these ports. */
export const createProver = (settings: ProverSettings, ports: ProverPorts): Prover => {
  const { clients, dailyReportHourUtc, vaultName, isConfiguredName, ending } = settings;
  const { clock, telemetry, secrets, prove } = ports;
  const forgetWhenSent = forgettingWhenSent(telemetry);
  /** When the call of a key or a grant was refused without it: until then, and a day later, its success counts for nothing. */
  const refusedWithout = new Map<string, number>();
  /** When the call of a grant was made without its token. */
  const triedWithout = new Map<string, number>();

  const proveOne = async (
    configured: ConfiguredClient,
    ofProofs: NonNullable<typeof prove>,
    { runId, isDaily, done, given, onWait }: ProofTurn,
  ): Promise<Proof> => {
    const startedMs = clock.monotonicMs();
    const held: (() => void)[] = [];
    const hold: HoldSecret = (value, origin) => {
      if (!isConfiguredName(value)) held.push(secrets.registerSecret(value, origin));
    };
    const limit = AbortSignal.timeout(PROOF_TIMEOUT_MS);
    const signal = ending === undefined ? limit : AbortSignal.any([limit, ending]);
    if (given?.token !== undefined) holdAnswered(given.token.accessToken, hold);
    const id = subjectIdOf(configured);
    const context = { signal, hold, onWait };
    const isKnownToFail = startedMs - (refusedWithout.get(id) ?? Number.NEGATIVE_INFINITY) < DAY_MS;
    const callsWithout = isDaily || (configured.subject.kind !== 'client' && !isKnownToFail);
    try {
      const proof = await proveClient(
        { clock, telemetry, ...ofProofs },
        { configured, context, given, callsWithout },
      );
      if (proof.canFail === true) refusedWithout.set(id, startedMs);
      if (proof.canFail === false) refusedWithout.delete(id);
      const durationMs = clock.monotonicMs() - startedMs;
      // What the end of this process cut off says nothing of the credential: another host asks again.
      if (ending?.aborted !== true || proof.failure === undefined)
        reportProof(telemetry, configured, proof, { runId, durationMs, vaultName, tellsFindings: isDaily });
      return proof;
    } finally {
      done.push(...held);
    }
  };

  const runAll = async (
    lastRunEpochMs: number | undefined,
    periodSeconds?: number,
  ): Promise<ProofSummary> => {
    const startedMs = clock.monotonicMs();
    const runId = randomUUID();
    const isDaily = isDailyReportDue(lastRunEpochMs, clock.nowEpochMs(), dailyReportHourUtc);
    const done: (() => void)[] = [];
    const others: { id: string; outcome: Proof['outcome'] }[] = [];
    let proven = 0;
    const forgetAll = (): Promise<void> => {
      const due = done.splice(0);
      return forgetWhenSent(() => due.forEach((forget) => void forget()));
    };
    if (prove !== undefined)
      await eachOf(clients, AT_A_TIME, async (configured) => {
        if (ending?.aborted || clock.monotonicMs() - startedMs > BEGIN_WITHIN_MS) return;
        const { id, owner, runbook } = configured;
        const subject = { credentialId: subjectIdOf(configured), owner, runbook };
        await turnOf(
          telemetry,
          `The proof of ${subjectIdOf(configured)} broke off.`,
          async () => {
            const { outcome } = await proveOne(configured, prove, { runId, isDaily, done });
            if (outcome === 'proven') proven += 1;
            else others.push({ id, outcome });
          },
          subject,
        );
        if (done.length >= FORGET_AFTER) await forgetAll();
      });
    const left = clients.length - proven - others.length;
    const unasked = others.filter(({ outcome }) => outcome === 'not_asked').length;
    // Which of the two says whether the run told of every client.
    const reason = left > 0 ? 'proofs_not_made' : unasked > 0 ? 'not_asked' : undefined;
    telemetry.event('keywatch.run.completed', {
      ...{ job: PROOF_JOB, runId, mode: 'timer', objects: clients.length, pages: 0, periodSeconds },
      outcome: reason === undefined ? 'complete' : 'failed',
      reason,
      durationMs: clock.monotonicMs() - startedMs,
    });
    await forgetAll();
    return { clients: clients.length, proven, left, others };
  };

  let running: Promise<ProofSummary> | undefined;
  return {
    proveAll(lastRunEpochMs, periodSeconds) {
      running ??= runAll(lastRunEpochMs, periodSeconds).finally(() => {
        running = undefined;
      });
      return running;
    },
    async prove(clientId, onWait) {
      const configured = clients.find(({ id }) => id === clientId);
      if (configured === undefined || prove === undefined) return undefined;
      const done: (() => void)[] = [];
      try {
        return await proveOne(configured, prove, { runId: randomUUID(), isDaily: true, done, onWait });
      } finally {
        await forgetWhenSent(() => done.forEach((forget) => void forget()));
      }
    },
    async proveToken(grant, profile, accessToken) {
      if (prove === undefined || ending?.aborted) return;
      const { id } = grant;
      const configured = configuredGrant(grant, profile);
      // Refreshes are far apart, so whether the call can fail is found out with nearly each; hourly ones share it.
      const lastMs = triedWithout.get(id);
      const isDaily = lastMs === undefined || clock.monotonicMs() - lastMs >= DAY_MS;
      if (isDaily) triedWithout.set(id, clock.monotonicMs());
      const done: (() => void)[] = [];
      const given = { token: { accessToken, expiresInSeconds: undefined, scope: undefined } };
      try {
        await proveOne(configured, prove, { runId: randomUUID(), isDaily, done, given });
      } finally {
        await forgetWhenSent(() => done.forEach((forget) => void forget()));
      }
    },
  };
};
