import { PROOF_OUTCOMES } from '../src/lib/credentials/proofOutcomes.ts';
import { ENTRA_NUMBERS } from '../src/lib/prove/rules/entraAnswer.ts';
import { kqlTable } from './kqlTable.ts';

/** What concerns who an application is, and neither what it may nor whether anybody answers. */
const rows = ENTRA_NUMBERS.filter(
  ({ outcome }) => PROOF_OUTCOMES[outcome].class === 'authentication',
).flatMap(({ outcome, numbers }) =>
  Object.entries(numbers).map(([number, says]) => [number, outcome, PROOF_OUTCOMES[outcome].whoActs, says]),
);

/** infra/kql/entra-refusals.kql: the refusals of a credential by their numbers, as a proof reads them. */
export const entraRefusalsQuery =
  (): string => `// Made by \`npm run docs\` from src/lib/prove/rules/entraAnswer.ts: do not edit.
// The numbers by which Entra ID refuses the credential of an application.
${kqlTable('EntraRefusals', { Key: 'string', Outcome: 'string', WhoActs: 'string', Said: 'string' }, rows)}`;
