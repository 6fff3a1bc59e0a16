import type { Finding } from '../credentials/findings.ts';
import type { ProofOutcome } from '../credentials/proofOutcomes.ts';
import { callWith, callWithout } from './callSteps.ts';
import type { ConfiguredClient } from './configuredClient.ts';
import { introspect } from './introspectStep.ts';
import type { ProofContext, ProofFailure } from './ports.ts';
import { failureOf } from './proofFailure.ts';
import type { Evidence, ProofPorts, ProofStep } from './proofWork.ts';
import { whileSettling } from './rules/settling.ts';
import { getToken, readCredential, readTokenStep } from './tokenSteps.ts';

/** In this order; what fails ends the proof, as the rest would only repeat it. */
const STEPS: readonly ProofStep[] = [
  readCredential,
  getToken,
  readTokenStep,
  introspect,
  callWithout,
  callWith,
];

/** What one step showed. */
export interface ShownStep {
  readonly name: string;
  readonly result: 'ok' | 'failed' | 'found';
  /** What was seen, for people; without a secret. */
  readonly shown: string;
}

/** What came of one proof. */
export interface Proof {
  readonly outcome: ProofOutcome;
  /** In the order in which they were taken; the last one decided. */
  readonly steps: readonly ShownStep[];
  readonly findings: readonly Finding[];
  /** Whether its call is refused without it; absent: it is not known. */
  readonly canFail: boolean | undefined;
  /** Why it is not proven. */
  readonly failure: ProofFailure | undefined;
  /** Of the last answer. */
  readonly httpStatus: number | undefined;
}

export interface ProofRequest {
  readonly configured: ConfiguredClient;
  readonly context: ProofContext;
  /** What is there already: the access token of a grant; absent: nothing. */
  readonly given?: Evidence | undefined;
  /** Whether to find out, too, if the call fails without the credential: not at every run. */
  readonly callsWithout: boolean;
}

/**
 * Proves one credential by using it as its consumer would: it changes nothing, and a lost answer costs nothing.
 * Never rejects for anything that a vault, an authorization server or a resource may answer.
 */
export const proveClient = async (
  ports: ProofPorts,
  { configured, context, given = {}, callsWithout }: ProofRequest,
): Promise<Proof> => {
  const steps: ShownStep[] = [];
  const findings: Finding[] = [];
  let evidence: Evidence = given;
  let httpStatus: number | undefined;
  for (const step of STEPS) {
    if (!step.isFor(configured) || (step === callWithout && !callsWithout)) continue;
    const taken = await step.take({ ports, configured, context, evidence });
    const found = taken.findings ?? [];
    const failure =
      taken.failure && whileSettling(taken.failure, evidence.startedEpochMs, ports.clock.nowEpochMs());
    const result = failure === undefined ? (found.length > 0 ? 'found' : 'ok') : 'failed';
    steps.push({ name: step.name, result, shown: failure?.message ?? taken.shown });
    findings.push(...found);
    evidence = { ...evidence, ...taken.evidence };
    httpStatus = taken.httpStatus ?? httpStatus;
    const { canFail } = evidence;
    if (failure !== undefined)
      return { outcome: failure.code, steps, findings, canFail, failure, httpStatus };
  }
  const { canFail, isActive } = evidence;
  const isByCallAlone = configured.subject.kind !== 'client' && isActive !== true;
  const failure = callsWithout && isByCallAlone ? emptyProof(canFail, steps) : undefined;
  return { outcome: failure?.code ?? 'proven', steps, findings, canFail, failure, httpStatus };
};

/** A key is proven by its call alone: where that answers everybody, or nobody knows, it is not. A token is, by itself. */
const emptyProof = (canFail: boolean | undefined, steps: readonly ShownStep[]): ProofFailure | undefined => {
  if (canFail === true) return undefined;
  const shown = steps.find(({ name }) => name === callWithout.name)?.shown ?? 'it was not made';
  return failureOf(
    canFail === false ? 'call_proves_nothing' : 'call_failed',
    `Its call proves it only if it is refused without it. Without it, it got: ${shown}.`,
  );
};
