import { PROOF_OUTCOMES } from '../../lib/credentials/proofOutcomes.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { wordsOf } from '../../lib/kernel/wordsOf.ts';
import { type ConfiguredClient, subjectIdOf } from '../../lib/prove/configuredClient.ts';
import type { Proof, ShownStep } from '../../lib/prove/proveClient.ts';
import type { Colour, Paint } from './style.ts';

const MARKS: Readonly<Record<ShownStep['result'], readonly [mark: string, colour: Colour]>> = {
  ok: ['✓', 'green'],
  found: ['▲', 'yellow'],
  failed: ['✗', 'red'],
};

const STEP_WIDTH = 21;

/** What came of one proof: every step with what it showed, and what to do. */
export const proofLines = (
  { id, displayName, owner }: ConfiguredClient,
  { outcome, steps, findings, failure }: Proof,
  paint: Paint,
): string[] => {
  const { meaning, whoActs } = PROOF_OUTCOMES[outcome];
  const [mark, colour] = MARKS[failure === undefined ? 'ok' : failure.retryable ? 'found' : 'failed'];
  const named = displayName === undefined ? id : `${id} (${printable(displayName)})`;
  return [
    `${paint(mark, colour)} ${named}: ${paint(wordsOf(outcome), colour)}: ${meaning}`,
    ...steps.map(({ name, result, shown }) => {
      const [of, paintedAs] = MARKS[result];
      return `    ${paint(of, paintedAs)} ${name.padEnd(STEP_WIDTH)} ${printable(shown, 500)}`;
    }),
    ...findings.map(({ code, detail }) => `    ${paint('▲', 'yellow')} ${code}: ${printable(detail, 500)}`),
    ...(failure === undefined
      ? []
      : [`    to act: ${whoActs}${owner === undefined ? '' : `; owner: ${owner}`}: ${failure.action}`]),
  ];
};

/** The same for a machine: one object a client. */
export const proofEntry = (client: ConfiguredClient, proof: Proof) => ({
  credentialId: subjectIdOf(client),
  owner: client.owner ?? null,
  outcome: proof.outcome,
  ...(({ class: kind, whoActs }) => ({ class: kind, whoActs }))(PROOF_OUTCOMES[proof.outcome]),
  httpStatus: proof.httpStatus ?? null,
  oauthError: proof.failure?.oauthError ?? null,
  numbers: proof.failure?.numbers ?? [],
  requestId: proof.failure?.requestId ?? null,
  action: proof.failure?.action ?? null,
  steps: proof.steps,
  findings: proof.findings,
});
