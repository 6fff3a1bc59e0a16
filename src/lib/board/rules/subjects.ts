import { isRecord } from '../../kernel/isRecord.ts';
import { wordsOf } from '../../kernel/wordsOf.ts';
import type { EventAttributes, EventName } from '../../telemetry/catalog.ts';
import { parsedState, STATE_VERSION, saysWhen } from './records.ts';

/** The events whose last one says where a grant, a client, a rotation or a job stands. */
export const KEPT_EVENTS = {
  'keywatch.grant.observed': 'observed',
  'keywatch.grant.refreshed': 'attempt',
  'keywatch.credential.proved': 'proof',
  'keywatch.rotation.advanced': 'rotation',
  'keywatch.run.completed': 'run',
  'keywatch.run.requested': 'request',
} as const satisfies Partial<Record<EventName, string>>;

export type KeptEvent = keyof typeof KEPT_EVENTS;

export type Kept<N extends KeptEvent> = EventAttributes<N> & { readonly atEpochMs: number };

/** The last event of each sort about one subject. */
export type Subject = {
  readonly [N in KeptEvent as (typeof KEPT_EVENTS)[N]]?: Kept<N> | undefined;
};

export type Subjects = Readonly<Record<string, Subject>>;

export const isKeptEvent = (name: EventName): name is KeptEvent => Object.hasOwn(KEPT_EVENTS, name);

/** Of what an event speaks; absent: of one target, which its scan keeps. */
export const subjectOf = (name: KeptEvent, attributes: EventAttributes<KeptEvent>): string | undefined => {
  if ('credentialId' in attributes) return attributes.credentialId;
  const isOfTarget =
    name === 'keywatch.run.completed' && 'vault' in attributes && attributes.vault !== undefined;
  return isOfTarget ? undefined : `job/${attributes.job}`;
};

export const subjectsText = (subjects: Subjects): string =>
  JSON.stringify({ version: STATE_VERSION, subjects });

export const readSubjects = (text: string): Subjects => {
  const subjects = parsedState(text)?.['subjects'];
  if (!isRecord(subjects)) return {};
  return Object.fromEntries(Object.entries(subjects).filter(([, one]) => isSubject(one))) as Subjects;
};

const isSubject = (one: unknown): boolean => isRecord(one) && Object.values(one).every(saysWhen);

/** What is new at each run although nothing happened. */
const PASSING = new Set(['atEpochMs', 'durationMs', 'runId', 'requestId', 'deadline', 'expiresOn']);

/** Whether a page would show something else than before, its own age aside. */
export const isNews = (before: Subject | undefined, after: Subject): boolean =>
  JSON.stringify(before, withoutPassing) !== JSON.stringify(after, withoutPassing);

const withoutPassing = (name: string, value: unknown): unknown => (PASSING.has(name) ? undefined : value);

/** What was last said of a grant. */
export const lastOfGrant = ({ observed, attempt }: Subject) =>
  (attempt?.atEpochMs ?? 0) > (observed?.atEpochMs ?? 0) ? attempt : observed;

/** How a grant, a client or a rotation stands, in a few words, for its history. */
export const standingWords = (subject: Subject): string => {
  const { proof, rotation } = subject;
  const grant = lastOfGrant(subject);
  return [
    ...(grant === undefined ? [] : [`grant: ${outcomeWords(grant.outcome, grant.reason)}`]),
    ...(proof === undefined ? [] : [`proof: ${outcomeWords(proof.outcome, proof.oauthError)}`]),
    ...(rotation === undefined ? [] : [`rotation: ${outcomeWords(rotation.outcome, rotation.reason)}`]),
  ].join('; ');
};

const outcomeWords = (outcome: string | undefined, reason: string | undefined): string =>
  `${outcome === undefined ? 'in order' : wordsOf(outcome)}${reason === undefined ? '' : ` (${reason})`}`;
