import { GRANT_OUTCOMES } from '../../credentials/grantOutcomes.ts';
import { JOBS } from '../../credentials/jobs.ts';
import { CREDENTIAL_SOURCES } from '../../credentials/sources.ts';
import { STATUSES_WORST_FIRST } from '../../credentials/statuses.ts';
import { keysOf } from '../../kernel/keysOf.ts';
import type { BoardFacts } from './boardModel.ts';
import { hasEnd, type Item } from './items.ts';
import { type Gauge, openMetricsText, type Sample } from './openMetrics.ts';
import type { TargetState } from './records.ts';
import { grantStateOf } from './subjectItems.ts';
import type { Subject, Subjects } from './subjects.ts';
import { byUrgency } from './urgency.ts';

/** Series with a name of others in them: a scrape has no more than so many, whatever the number of credentials. */
export const MOST_ENDS = 500;
const MOST_TARGETS = 200;

/**
 * What `GET /api/metrics` has. Instants and no ages: a query knows what time it is, and what is no longer written
 * does not look new.
 */
export const GAUGES = {
  keywatch_state_written_timestamp_seconds: {
    unit: 'seconds',
    help: 'When a scan or a run last left anything here.',
  },
  keywatch_coverage: {
    help: 'Targets and jobs by whether each was seen to its end lately; the board says why not.',
  },
  keywatch_broken: { help: 'Credentials, grants, clients and rotations by which somebody is refused now.' },
  keywatch_attention: {
    help: 'Credentials, grants, clients and rotations that need somebody to act, broken ones among them.',
  },
  keywatch_credentials: {
    help: 'Credentials by status, as the last complete scan of each target counted them, suppressed ones too.',
  },
  keywatch_credentials_unread: {
    help: 'The least urgent credentials of a very large state: only keywatch_credentials counts them.',
  },
  keywatch_findings: { help: 'Hygiene faults, as the last complete scan of each target counted them.' },
  keywatch_end_timestamp_seconds: {
    unit: 'seconds',
    help: `When a credential, consent or rotation ends. The ${MOST_ENDS} most urgent; suppressed and disabled ones, and what ended long ago, have no series.`,
  },
  keywatch_ends_omitted: { help: 'Ends that have no series because there are more than fit.' },
  keywatch_ends_omitted_next_timestamp_seconds: {
    unit: 'seconds',
    help: 'The soonest of the ends that have no series; absent where all have one.',
  },
  keywatch_grants: {
    help: 'Grants by the outcome of the last attempt; in_order where none is on record, not_seen where no run has spoken of it.',
  },
  keywatch_job_run_timestamp_seconds: { unit: 'seconds', help: 'When the last run of a job ended.' },
  keywatch_job_run_success: { help: 'Whether the last run of a job ended well.' },
  keywatch_target_complete_timestamp_seconds: {
    unit: 'seconds',
    help: `When a vault or directory was last seen whole; 0 for never. The ${MOST_TARGETS} that were not for longest.`,
  },
  keywatch_targets_omitted: { help: 'Vaults and directories that have no series of their own.' },
} as const satisfies Readonly<Record<string, Gauge>>;

export type GaugeName = keyof typeof GAUGES;

export interface Gauged {
  readonly facts: BoardFacts;
  readonly targets: readonly TargetState[];
  readonly subjects: Subjects;
}

export const gaugesText = (gauged: Gauged): string => openMetricsText(GAUGES, samplesOf(gauged));

const samplesOf = ({ facts, targets, subjects }: Gauged): Readonly<Record<GaugeName, readonly Sample[]>> => {
  const { items, coverage } = facts;
  const ends = items
    .filter((item) => hasEnd(item) && (item.needsAction || (item.endsEpochMs ?? 0) > facts.nowEpochMs))
    .toSorted(byUrgency);
  const omitted = ends.slice(MOST_ENDS);
  const longestFirst = targets.toSorted((one, other) => completeOf(one) - completeOf(other));
  const jobs = JOBS.map((job) => ({ job, run: jobRunOf(job, targets, subjects) }));
  const grants = items.flatMap(({ kind, subject }) =>
    kind === 'grant' && subject !== undefined ? [grantStateOf(subject)] : [],
  );
  const unseen = coverage.filter(({ severity }) => severity !== 'ok').length;
  const counts = targets.flatMap(({ complete }) => (complete === undefined ? [] : [complete.counts]));
  return {
    keywatch_state_written_timestamp_seconds: instants([lastWritten(targets, subjects)]),
    keywatch_coverage: [
      { labels: { seen: 'yes' }, value: coverage.length - unseen },
      { labels: { seen: 'no' }, value: unseen },
    ],
    keywatch_broken: [{ value: items.filter(({ isBroken }) => isBroken).length }],
    keywatch_attention: [{ value: items.filter(({ needsAction }) => needsAction).length }],
    keywatch_credentials: STATUSES_WORST_FIRST.map((status) => ({
      labels: { status },
      value: sumOf(counts.map(({ byStatus }) => byStatus[status])),
    })),
    keywatch_credentials_unread: [{ value: facts.omitted }],
    keywatch_findings: [{ value: sumOf(counts.map(({ findings }) => findings)) }],
    keywatch_end_timestamp_seconds: ends.slice(0, MOST_ENDS).flatMap((item) => endSample(item)),
    keywatch_ends_omitted: [{ value: omitted.length }],
    keywatch_ends_omitted_next_timestamp_seconds: instants([soonest(omitted)]),
    keywatch_grants: [...keysOf(GRANT_OUTCOMES), 'in_order', 'not_seen'].map((state) => ({
      labels: { state },
      value: grants.filter((one) => one === state).length,
    })),
    keywatch_job_run_timestamp_seconds: jobs.flatMap(({ job, run }) =>
      instants([run?.atEpochMs], { job_name: job }),
    ),
    keywatch_job_run_success: jobs.flatMap(({ job, run }) =>
      run === undefined ? [] : [{ labels: { job_name: job }, value: run.outcome === 'complete' ? 1 : 0 }],
    ),
    keywatch_target_complete_timestamp_seconds: longestFirst
      .slice(0, MOST_TARGETS)
      .flatMap((one) => instants([completeOf(one)], { source: one.source, target: one.vault })),
    keywatch_targets_omitted: [{ value: Math.max(0, targets.length - MOST_TARGETS) }],
  };
};

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

const instants = (epochMs: readonly (number | undefined)[], labels: Sample['labels'] = {}): Sample[] =>
  epochMs.flatMap((one) => (one === undefined ? [] : [{ labels, value: one / 1000 }]));

const endSample = ({ id, kind, where, owner, endsEpochMs }: Item): Sample[] =>
  instants([endsEpochMs], { id, kind, where, owner });

const soonest = (items: readonly Item[]): number | undefined =>
  items.reduce<number | undefined>(
    (least, { endsEpochMs = Number.MAX_VALUE }) => Math.min(least ?? Number.MAX_VALUE, endsEpochMs),
    undefined,
  );

const completeOf = ({ complete }: TargetState): number => complete?.atEpochMs ?? 0;

type Run = Pick<NonNullable<Subject['run']>, 'atEpochMs' | 'outcome'>;

/** Scans are kept by their target, other runs by their job. */
const jobRunOf = (job: string, targets: readonly TargetState[], subjects: Subjects): Run | undefined => {
  const own = subjects[`job/${job}`]?.run;
  const ofTargets = targets.filter(({ source }) => CREDENTIAL_SOURCES[source].job === job);
  return [...(own === undefined ? [] : [own]), ...ofTargets.map(({ last }) => last)].toSorted(
    (one, other) => other.atEpochMs - one.atEpochMs,
  )[0];
};

const lastWritten = (targets: readonly TargetState[], subjects: Subjects): number | undefined => {
  const all = [
    ...targets.map(({ last }) => last.atEpochMs),
    ...Object.values(subjects).flatMap((one) => Object.values(one).map((kept) => kept?.atEpochMs ?? 0)),
  ];
  return all.length === 0 ? undefined : all.reduce((latest, one) => Math.max(latest, one));
};
