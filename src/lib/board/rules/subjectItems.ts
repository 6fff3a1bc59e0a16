import { FINDING_CODES, FINDINGS, type Finding } from '../../credentials/findings.ts';
import { GRANT_OUTCOMES } from '../../credentials/grantOutcomes.ts';
import { PROOF_OUTCOMES, ruleOfProof, severityOfProof } from '../../credentials/proofOutcomes.ts';
import { ROTATION_OUTCOMES } from '../../credentials/rotationOutcomes.ts';
import { SEVERITIES, type Severity } from '../../credentials/severities.ts';
import { STATUSES_WORST_FIRST } from '../../credentials/statuses.ts';
import { isInstant } from '../../kernel/instant.ts';
import { keysOf } from '../../kernel/keysOf.ts';
import { wordsOf } from '../../kernel/wordsOf.ts';
import type { Item, ItemKind } from './items.ts';
import { lastOfGrant, type Subject, type Subjects } from './subjects.ts';

interface Standing {
  readonly severity: Severity;
  readonly words: string;
  readonly meaning: string;
  readonly whoActs?: string | undefined;
  readonly action?: string | undefined;
  readonly rule?: string | undefined;
}

const rowOf = <T extends object>(table: T, key: string | undefined): T[keyof T] | undefined =>
  key !== undefined && Object.hasOwn(table, key) ? table[key as keyof T] : undefined;

/** Outcome of its last attempt; `in_order` where none is on record, `not_seen` where no run has spoken of it. */
export const grantStateOf = (subject: Subject): string => {
  const last = lastOfGrant(subject);
  return last === undefined ? 'not_seen' : (last.outcome ?? 'in_order');
};

const grantStanding = (subject: Subject): Standing[] => {
  const last = lastOfGrant(subject);
  if (last === undefined) return [];
  const row = rowOf(GRANT_OUTCOMES, last.outcome);
  if (row === undefined) return [{ severity: 'ok', words: 'in order', meaning: 'its token is kept alive' }];
  const whoActs = row.severity === 'error' ? (last.owner ?? 'the owner of the grant') : undefined;
  return [{ ...row, words: wordsOf(last.outcome ?? ''), whoActs, action: last.action }];
};

const proofStanding = ({ proof }: Subject): Standing[] => {
  const row = rowOf(PROOF_OUTCOMES, proof?.outcome);
  if (proof === undefined || row === undefined) return [];
  const severity = severityOfProof(proof.outcome);
  const whoActs =
    severity === 'ok' ? undefined : row.whoActs === 'owner' ? (proof.owner ?? 'owner') : row.whoActs;
  const action = severity === 'ok' ? undefined : (proof.action ?? row.action);
  return [
    {
      severity,
      words: wordsOf(proof.outcome),
      meaning: row.meaning,
      whoActs,
      action,
      rule: ruleOfProof(proof.outcome),
    },
  ];
};

const rotationStanding = ({ rotation }: Subject): Standing[] => {
  const row = rowOf(ROTATION_OUTCOMES, rotation?.outcome);
  if (rotation === undefined || row === undefined) return [];
  const whoActs = row.severity === 'error' ? (rotation.owner ?? 'the owner of the application') : undefined;
  const rule = row.severity === 'error' ? 'rotation-failing' : undefined;
  return [{ ...row, words: wordsOf(rotation.outcome), whoActs, action: rotation.action, rule }];
};

const OK_RANK = STATUSES_WORST_FIRST.indexOf('valid');
/** Where a status of the same severity stands; what is refused comes before what only must be, as it has ended. */
const RANK: Readonly<Record<Severity, number>> = {
  error: -1,
  warning: STATUSES_WORST_FIRST.indexOf('warning'),
  none: OK_RANK,
  ok: OK_RANK,
};
const SEVERITY_ORDER = keysOf(SEVERITIES);

const findingsOfProof = (subject: Subject): Finding[] =>
  (subject.proof?.findings ?? '')
    .split(',')
    .flatMap((code) => FINDING_CODES.filter((known) => known === code))
    .map((code) => ({ code, detail: FINDINGS[code].meaning.replaceAll('`', '') }));

const itemOfSubject = (id: string, kind: ItemKind, subject: Subject): Item => {
  const { observed, attempt, proof, rotation } = subject;
  const [worst = { severity: 'none', words: 'not seen yet', meaning: 'no run has spoken of it' }, ...others] =
    [...grantStanding(subject), ...proofStanding(subject), ...rotationStanding(subject)].toSorted(
      (a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity),
    ) as Standing[];
  const last = [observed, attempt, proof, rotation]
    .filter((one) => one !== undefined)
    .toSorted((a, b) => b.atEpochMs - a.atEpochMs);
  const name = id.slice(id.indexOf('/') + 1);
  return {
    ...{ id, kind, name },
    where: observed?.provider ?? attempt?.provider ?? rotation?.vault ?? proof?.vault ?? '-',
    severity: worst.severity,
    mark: SEVERITIES[worst.severity].mark,
    words: [worst, ...others.filter(({ severity }) => worst.severity === 'ok' || severity !== 'ok')]
      .map(({ words }) => words)
      .join(', '),
    meaning: worst.meaning,
    isBroken: worst.severity === 'error',
    needsAction: worst.severity === 'error',
    rank: RANK[worst.severity],
    endsEpochMs: endOf(subject, worst.severity),
    owner: last.find((one) => one.owner !== undefined)?.owner,
    whoActs: worst.whoActs,
    action: worst.action,
    rule: worst.rule,
    runbook: last.find((one) => one.runbook !== undefined)?.runbook,
    reconnectUrl: observed?.reconnectUrl ?? attempt?.reconnectUrl,
    findings: findingsOfProof(subject),
    subject,
    seenEpochMs: last[0]?.atEpochMs,
  };
};

/** The end that no refresh moves; where refreshes fail, that of the token as it is. What is dead has none ahead. */
const endOf = (subject: Subject, severity: Severity): number | undefined => {
  const grant = lastOfGrant(subject);
  if (grant?.outcome === 'dead') return undefined;
  const end = grant?.consentEndsAt ?? (severity === 'ok' ? undefined : grant?.deadline);
  return end !== undefined && isInstant(end) ? end : undefined;
};

/** The grants, clients and rotations that the config names, also those that no run has spoken of yet. */
export const itemsOfSubjects = (
  subjects: Subjects,
  named: readonly { readonly id: string; readonly kind: ItemKind }[],
): Item[] =>
  named.map(({ id, kind }) =>
    itemOfSubject(id, kind, Object.hasOwn(subjects, id) ? (subjects[id] ?? {}) : {}),
  );
