import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GRANT_OUTCOMES } from '../../src/lib/credentials/grantOutcomes.ts';
import { PROOF_OUTCOMES, type ProofOutcome, ruleOfProof } from '../../src/lib/credentials/proofOutcomes.ts';
import { CREDENTIAL_STATUSES } from '../../src/lib/credentials/statuses.ts';

it('knows of every outcome that asks for somebody the runbook of a rule that there is', () => {
  const rows: { rule?: string; severity?: string }[] = [
    ...Object.values(CREDENTIAL_STATUSES).filter(({ needsAction }) => needsAction),
    ...Object.values(GRANT_OUTCOMES).filter(({ severity }) => severity !== 'ok'),
    ...Object.entries(PROOF_OUTCOMES)
      .filter(([, row]) => row.class !== 'ok')
      .map(([outcome]) => ({ rule: ruleOfProof(outcome as ProofOutcome) ?? '' })),
    ...['rotation-failing', 'scan-missed', 'scan-incomplete'].map((rule) => ({ rule })),
  ];
  const absent = rows.filter(({ rule }) => !existsSync(`infra/alerts/${rule}/runbook.md`));
  expect(absent).toEqual([]);
});
