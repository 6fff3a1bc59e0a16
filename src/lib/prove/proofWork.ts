import type { Finding } from '../credentials/findings.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ClientCredentialStore } from '../oauth/ports.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type ConfiguredClient, objectsOf } from './configuredClient.ts';
import type {
  ClientCredentialsFlow,
  IssuedToken,
  ProofContext,
  ProofFailure,
  ProofWait,
  ProvedClient,
  ResourceCall,
  TokenIntrospection,
} from './ports.ts';
import { placesOf } from './proofFailure.ts';

export interface ProofPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly clientCredentials: ClientCredentialStore;
  readonly flow: ClientCredentialsFlow;
  readonly resource: ResourceCall;
  readonly introspection: TokenIntrospection;
}

/** What the steps so far have brought. */
export interface Evidence {
  /** When the youngest part of the credential was made; absent: nobody knows. */
  readonly startedEpochMs?: number | undefined;
  /** The client with its credential, which is read once a proof. */
  readonly client?: ProvedClient | undefined;
  /** Every value that was read for it. */
  readonly sentSecrets?: readonly string[] | undefined;
  /** A static key. */
  readonly key?: string | undefined;
  /** True: its own server says that the token is good. */
  readonly isActive?: true;
  /** Whether its call is refused without it; absent: nobody tried, or whoever answered could not say. */
  readonly canFail?: boolean | undefined;
  /** Whether that refusal is a 403; absent: nobody tried. */
  readonly isForbiddenWithout?: boolean;
  readonly token?: Pick<IssuedToken, 'accessToken' | 'expiresInSeconds' | 'scope'> | undefined;
}

/** One proof under way. */
export interface Work {
  readonly ports: ProofPorts;
  readonly configured: ConfiguredClient;
  readonly context: ProofContext;
  readonly evidence: Evidence;
}

export interface StepResult {
  /** What was seen, for people; without a secret. */
  readonly shown: string;
  readonly httpStatus?: number | undefined;
  readonly evidence?: Evidence;
  readonly findings?: readonly Finding[];
  /** Ends the proof. */
  readonly failure?: ProofFailure | undefined;
}

export interface ProofStep {
  readonly name: string;
  readonly isFor: (configured: ConfiguredClient) => boolean;
  readonly take: (work: Work) => Promise<StepResult>;
}

export const endedBy = (failure: ProofFailure): StepResult => {
  const { message: shown, httpStatus } = failure;
  return { shown, httpStatus, failure };
};

/**
 * Until then a provider may not know everywhere the access token that it has just issued.
 * @see https://github.com/planningcenter/developers/issues/624
 */
export const TOKEN_SETTLES: ProofWait = { ms: 15_000, why: 'its new token is refused' };

/** Asks once more, a while later, where the first answer is a reason to. */
export const askTwice = async <A>(
  { ports: { clock }, context: { signal, onWait } }: Work,
  waitAfter: (answer: A) => ProofWait | undefined,
  ask: () => Promise<A>,
): Promise<A> => {
  const answer = await ask();
  const wait = waitAfter(answer);
  if (wait === undefined) return answer;
  onWait?.(wait);
  // Whoever is called off in between has seen what it has seen.
  return clock.sleep(wait.ms, signal).then(ask, () => answer);
};

export const credentialWords = ({ id, subject }: ConfiguredClient): string =>
  subject.kind === 'grant'
    ? `the new access token of grant ${id}`
    : placesOf(objectsOf(subject)) || 'the identity of Keywatch';
