import { FINDING_CODES, FINDINGS } from '../src/lib/credentials/findings.ts';
import { GRANT_OUTCOMES } from '../src/lib/credentials/grantOutcomes.ts';
import { PROOF_OUTCOMES } from '../src/lib/credentials/proofOutcomes.ts';
import { STATUSES_WORST_FIRST } from '../src/lib/credentials/statuses.ts';
import { kqlTable } from './kqlTable.ts';

/** Statuses worst first, as every other table of the product has them. */
export const RANKS = `// Generated: what is worst comes first.
${kqlTable(
  'Ranks',
  { Status: 'string', Rank: 'long' },
  STATUSES_WORST_FIRST.map((status, rank) => [status, rank]),
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
): string => `// Generated: what it means that ${when} ended so.
${kqlTable(
  'Meanings',
  { Outcome: 'string', Meaning: 'string' },
  Object.entries(outcomes).map(([outcome, { meaning }]) => [outcome, meaning]),
)}`;

/** Outcomes of grants and of proofs in the words of docs/telemetry.md. */
export const OUTCOME_MEANINGS = meanings('an attempt at a grant', GRANT_OUTCOMES);
export const PROOF_MEANINGS = meanings('a proof', PROOF_OUTCOMES);
