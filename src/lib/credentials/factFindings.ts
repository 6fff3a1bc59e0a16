import { type CredentialFacts, FINDING_CODES, FINDINGS, type Finding, type FindingRow } from './findings.ts';

const CHECKS = FINDING_CODES.flatMap((code) => {
  const { check }: FindingRow = FINDINGS[code];
  return check === undefined ? [] : [{ code, check }];
});

/** What the facts alone show, in the order of the table. */
export const findingsOf = (facts: CredentialFacts): Finding[] => {
  const findings: Finding[] = [];
  for (const { code, check } of CHECKS) {
    const detail = check(facts);
    if (detail !== undefined) findings.push({ code, detail });
  }
  return findings;
};
