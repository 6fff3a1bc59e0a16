import { type Failure, permanenceOf } from '../../kernel/failure.ts';

/** Deeper chains say nothing new, and a chain may be a circle. */
const MOST_CAUSES = 8;

const causesOf = (failure: Failure): unknown[] => {
  const causes: unknown[] = [];
  for (let cause = failure.cause; cause !== undefined && causes.length < MOST_CAUSES; ) {
    if (causes.includes(cause)) break;
    causes.push(cause);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return causes;
};

/** Errors and sentences only: an object may be an answer with a token in it. */
const describe = (cause: unknown): string => {
  if (cause instanceof Error) return cause.stack ?? `${cause.name}: ${cause.message}`;
  return typeof cause === 'string' ? cause : `(a ${typeof cause}, not shown)`;
};

/** The stack of a failure: its own line, then each cause with its stack. Never empty. */
export const stackOf = (failure: Failure): string =>
  [
    `${failure.code}: ${failure.message}`,
    ...causesOf(failure).map((cause) => `Caused by: ${describe(cause)}`),
  ].join('\n');

/** A failure as attributes of an exception record; absent ones are left out. */
export const failureAttributes = (failure: Failure): Record<string, string> => {
  const { code, action, subject: { credentialId, vault, owner, runbook } = {} } = failure;
  const named = { code, permanence: permanenceOf(failure), action, credentialId, vault, owner, runbook };
  return {
    'exception.type': code,
    'exception.message': failure.message,
    'exception.stacktrace': stackOf(failure),
    ...Object.fromEntries(
      Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
};
