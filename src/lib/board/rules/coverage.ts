import { mostMinutesSilent, PROOF_JOB, REFRESH_JOB, ROTATION_JOB } from '../../credentials/jobs.ts';
import type { Severity } from '../../credentials/severities.ts';
import { CREDENTIAL_SOURCES, type NamedTarget } from '../../credentials/sources.ts';
import { fromNow } from '../../kernel/humanTime.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/time.ts';
import type { TargetState } from './records.ts';
import type { Subject, Subjects } from './subjects.ts';

/** What the config wants to be seen. */
export interface Expected {
  /** Targets that it names. */
  readonly targets: readonly NamedTarget[];
  /** Whether there are more, which a search finds. */
  readonly isSearching: boolean;
  readonly refreshes: boolean;
  readonly proves: boolean;
  readonly rotates: boolean;
}

/** One thing that Keywatch does or does not see. */
export interface Coverage {
  readonly what: string;
  readonly severity: Severity;
  readonly words: string;
  readonly action?: string | undefined;
  /** The alert rule whose runbook helps. */
  readonly rule?: string | undefined;
  /** Of the last run that ended well; absent: none has. */
  readonly completeEpochMs?: number | undefined;
}

const MISSED = {
  action: 'Check that the Function App runs: nobody looks, or what is seen is not kept.',
  rule: 'scan-missed',
};

/**
 * A target that the config does not name and no scan has ended of for so long is no longer found: it is left out. Until
 * then it shows as silent.
 */
export const LEFT_OUT_MS = DAY_MS;

export const currentTargets = (
  targets: readonly TargetState[],
  expected: Expected,
  nowEpochMs: number,
): TargetState[] =>
  targets.filter(
    ({ target, last }) =>
      expected.targets.some((one) => one.target === target) || nowEpochMs - last.atEpochMs < LEFT_OUT_MS,
  );

/** Of a configuration that names nothing: there is nothing that could go wrong, and nothing that is seen. */
const NOTHING_WATCHED: Coverage = {
  what: 'everything',
  severity: 'error',
  words: 'nothing is watched: neither a vault nor a directory is named or found',
  action: 'Name vaults, subscriptions or a directory (docs/configuration.md).',
};

/** Whether Keywatch sees everything: a line per target and job, in no order; one at least. */
export const coverageOf = (
  targets: readonly TargetState[],
  subjects: Subjects,
  expected: Expected,
  nowEpochMs: number,
): Coverage[] => {
  const all = [
    ...targets.map((state) => coverageOfTarget(state, subjects, nowEpochMs)),
    ...expected.targets
      .filter(({ target }) => !targets.some((state) => state.target === target))
      .map(({ name, source }) =>
        unseen(`${CREDENTIAL_SOURCES[source].target.one} ${name}`, 'no scan of it has ended yet'),
      ),
    ...jobsOf(expected).flatMap(([job, what]) =>
      coverageOfJob(what, job, subjects[`job/${job}`], nowEpochMs),
    ),
  ];
  return all.length > 0 ? all : [NOTHING_WATCHED];
};

const unseen = (what: string, words: string): Coverage => ({ what, severity: 'error', words, ...MISSED });

/** What a clock wrote that was ahead proves as little. */
const isSilent = (atEpochMs: number, limitMs: number, nowEpochMs: number): boolean =>
  Math.abs(nowEpochMs - atEpochMs) > limitMs;

const silentWords = (what: string, atEpochMs: number, nowEpochMs: number): string => {
  const when = fromNow(atEpochMs, nowEpochMs);
  return atEpochMs > nowEpochMs
    ? `the last ${what} was noted by a clock that was ahead (${when})`
    : `no ${what} has ended since ${when}`;
};

const coverageOfTarget = (
  { source, vault, last, complete }: TargetState,
  subjects: Subjects,
  nowEpochMs: number,
): Coverage => {
  const { target, job } = CREDENTIAL_SOURCES[source];
  const what = `${target.one} ${vault}`;
  const completeEpochMs = complete?.atEpochMs;
  const limitMs = mostMinutesSilent(job, subjects[`job/${job}`]?.request?.periodSeconds) * MINUTE_MS;
  if (isSilent(last.atEpochMs, limitMs, nowEpochMs)) {
    const words = `${silentWords('scan', last.atEpochMs, nowEpochMs)}: what is shown is old`;
    return { what, severity: 'error', words, ...MISSED, completeEpochMs };
  }
  if (last.outcome === 'failed') {
    const { reason = 'unknown', message = '', action } = last;
    const known = completeEpochMs === undefined ? 'nothing is known of it' : 'what is shown is older';
    const words = `the scan ${fromNow(last.atEpochMs, nowEpochMs)} failed (${reason}), ${known}. ${message}`;
    return { what, severity: 'error', words, action, rule: 'scan-incomplete', completeEpochMs };
  }
  return {
    what,
    severity: 'ok',
    words: `seen whole ${fromNow(last.atEpochMs, nowEpochMs)}`,
    completeEpochMs,
  };
};

const jobsOf = ({ isSearching, refreshes, proves, rotates }: Expected): (readonly [string, string])[] => [
  ...(isSearching ? [[CREDENTIAL_SOURCES.keyvault.discoveryJob, 'the search for vaults'] as const] : []),
  ...(refreshes ? [[REFRESH_JOB, 'the refresh of grants'] as const] : []),
  ...(proves ? [[PROOF_JOB, 'the proofs of clients'] as const] : []),
  ...(rotates ? [[ROTATION_JOB, 'the rotations of secrets'] as const] : []),
];

const coverageOfJob = (
  what: string,
  job: string,
  subject: Subject | undefined,
  nowEpochMs: number,
): Coverage => {
  const { run } = subject ?? {};
  if (run === undefined) return unseen(what, 'no run of it has ended yet');
  const { atEpochMs, outcome, reason = 'see its failures', periodSeconds } = run;
  const when = fromNow(atEpochMs, nowEpochMs);
  if (isSilent(atEpochMs, mostMinutesSilent(job, periodSeconds) * MINUTE_MS, nowEpochMs))
    return unseen(what, silentWords('run', atEpochMs, nowEpochMs));
  if (outcome === 'failed') return { what, severity: 'error', words: `the run ${when} failed (${reason})` };
  return { what, severity: 'ok', words: `ran to its end ${when}`, completeEpochMs: atEpochMs };
};
