import { type FindingCode, inTableOrder } from '../credentials/findings.ts';
import { PROOF_OUTCOMES } from '../credentials/proofOutcomes.ts';
import { permanenceOf } from '../kernel/failure.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { appIdOf, type ConfiguredClient, objectsOf, subjectIdOf } from './configuredClient.ts';
import type { Proof } from './proveClient.ts';

export interface ProofReport {
  readonly runId: string;
  readonly durationMs: number;
  /** What the config calls a vault. */
  readonly vaultName: (vaultUrl: string) => string;
  /** Whether the findings are told one by one, too: once a day, as those of every credential. */
  readonly tellsFindings: boolean;
}

/** Findings of what was never in a vault. */
const NO_VAULT = '(identity)';

/** Tells what came of one proof: where the credential stands, and who has to do what about it. */
export const reportProof = (
  telemetry: Telemetry,
  configured: ConfiguredClient,
  { outcome, failure, findings, httpStatus }: Proof,
  { runId, durationMs, vaultName, tellsFindings }: ProofReport,
): void => {
  const { displayName, owner, runbook, targets, subject } = configured;
  const credentialId = subjectIdOf(configured);
  const [object] = objectsOf(subject);
  const appId = appIdOf(subject);
  const vault = object && vaultName(object.vaultUrl);
  const { class: kind, whoActs } = PROOF_OUTCOMES[outcome];
  telemetry.event('keywatch.credential.proved', {
    ...{ credentialId, outcome, class: kind, whoActs, appId, vault, owner, runbook, runId, durationMs },
    permanence: failure && permanenceOf(failure),
    action: failure?.action,
    oauthError: failure?.oauthError,
    httpStatus: failure?.httpStatus ?? httpStatus,
    numbers: failure?.numbers?.join(','),
    requestId: failure?.requestId,
    targets: targets?.join(','),
    findings: codesOf(findings).join(',') || undefined,
  });
  // What is only too new is nobody's fault yet.
  if (failure !== undefined && outcome !== 'settling') {
    const whose = owner === undefined ? 'nobody is named as its owner' : `its owner is ${owner}`;
    const named = displayName === undefined ? credentialId : `${credentialId} (${displayName})`;
    const message = `${named} is not proven, ${outcome}: ${failure.message} To act: ${whoActs}; ${whose}.`;
    telemetry.failure({ ...failure, message, subject: { credentialId, vault, owner, runbook } });
  }
  if (!tellsFindings) return;
  for (const { code, detail } of inTableOrder(findings))
    telemetry.event('keywatch.finding.observed', {
      ...{ credentialId, vault: vault ?? NO_VAULT, finding: code, detail, owner, runbook, runId },
    });
};

const codesOf = (findings: Proof['findings']): readonly FindingCode[] => [
  ...new Set(inTableOrder(findings).map(({ code }) => code)),
];
