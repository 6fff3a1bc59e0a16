/** Whom or what a failure concerns, for people and alerts. What is not known, or no single one, is absent. */
export interface FailureSubject {
  readonly credentialId?: string | undefined;
  readonly vault?: string | undefined;
  readonly owner?: string | undefined;
  readonly runbook?: string | undefined;
}

/**
 * An expected failure: returned, never thrown, and reported as it is. Whoever meets the error, mostly an adapter,
 * fills it once; from there on it is passed on, never translated. Nothing decides by a part of `code`: what a
 * program has to tell apart is a member of its own. Holds no secret and no part of one.
 */
export interface Failure<Code extends string = string> {
  readonly ok: false;
  /** Stable, for queries: `vault_forbidden`, `invalid_grant`. */
  readonly code: Code;
  /** Whether waiting can help. If not, `action` says who has to do something. */
  readonly retryable: boolean;
  /** What happened, and to what, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly action: string;
  readonly subject?: FailureSubject | undefined;
  readonly httpStatus?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/** `retryable` as one word, in telemetry and in stored records. */
export type Permanence = 'permanent' | 'transient';

export const permanenceOf = ({ retryable }: Pick<Failure, 'retryable'>): Permanence =>
  retryable ? 'transient' : 'permanent';

type Filled<Code extends string> = Omit<Failure<Code>, 'ok' | 'retryable'>;

/** A failure that stays until somebody acts. */
export const permanentFailure = <Code extends string>(filled: Filled<Code>): Failure<Code> => ({
  ok: false,
  retryable: false,
  ...filled,
});
