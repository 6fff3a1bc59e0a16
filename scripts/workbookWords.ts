import { FINDING_CODES, FINDINGS } from '../src/lib/credentials/findings.ts';
import { GRANT_OUTCOMES } from '../src/lib/credentials/grantOutcomes.ts';
import { PROOF_OUTCOMES, severityOfProof } from '../src/lib/credentials/proofOutcomes.ts';
import { SEVERITIES, type Severity } from '../src/lib/credentials/severities.ts';
import { CREDENTIAL_STATUSES, STATUSES_WORST_FIRST } from '../src/lib/credentials/statuses.ts';
import { keysOf } from '../src/lib/kernel/keysOf.ts';
import { wordsOf } from '../src/lib/kernel/wordsOf.ts';
import { kqlTable } from './kqlTable.ts';

/** A status or an outcome with its mark, as the board shows it, and how bad it is. */
export interface Marked {
  readonly code: string;
  readonly words: string;
  readonly severity: Severity;
}

const marked = (code: string, severity: Severity, mark: string = SEVERITIES[severity].mark): Marked => ({
  code,
  words: `${mark} ${wordsOf(code)}`,
  severity,
});

export const MARKED_STATUSES = STATUSES_WORST_FIRST.map((status) => {
  const { severity, mark } = CREDENTIAL_STATUSES[status];
  return marked(status, severity, mark);
});
export const MARKED_GRANTS = keysOf(GRANT_OUTCOMES).map((code) =>
  marked(code, GRANT_OUTCOMES[code].severity),
);
export const MARKED_PROOFS = keysOf(PROOF_OUTCOMES).map((code) => marked(code, severityOfProof(code)));

/** Statuses worst first, as every other table of the product has them. */
export const RANKS = `// Generated: what is worst comes first.
${kqlTable(
  'Ranks',
  { Status: 'string', Rank: 'long', Marked: 'string' },
  MARKED_STATUSES.map(({ code, words }, rank) => [code, rank, words]),
)}`;

/** Findings in the words of docs/findings.md. */
export const FINDING_TITLES = `// Generated: findings in words.
${kqlTable(
  'Titles',
  { Code: 'string', Title: 'string' },
  FINDING_CODES.map((code) => [code, FINDINGS[code].title]),
)}`;

export const FINDING_FIXES = `// Generated: what the owner of a credential does about each finding.
${kqlTable(
  'Fixes',
  { Code: 'string', Fix: 'string' },
  FINDING_CODES.map((code) => [code, FINDINGS[code].fix]),
)}`;

const meanings = (
  when: string,
  outcomes: Readonly<Record<string, { readonly meaning: string }>>,
  as: readonly Marked[],
): string => `// Generated: what it means that ${when} ended so.
${kqlTable(
  'Meanings',
  { Outcome: 'string', Marked: 'string', Meaning: 'string' },
  as.map(({ code, words }) => [code, words, outcomes[code]?.meaning ?? '']),
)}`;

/** Outcomes of grants and of proofs in the words of docs/telemetry.md. */
export const OUTCOME_MEANINGS = meanings('an attempt at a grant', GRANT_OUTCOMES, MARKED_GRANTS);
export const PROOF_MEANINGS = meanings('a proof', PROOF_OUTCOMES, MARKED_PROOFS);
