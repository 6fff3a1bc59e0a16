import { asksForAttention } from '../../credentials/endedLongAgo.ts';
import { CREDENTIAL_STATUSES } from '../../credentials/statuses.ts';
import { wordsOf } from '../../kernel/wordsOf.ts';
import { classifyStatus } from '../../scan/rules/status.ts';
import type { Item } from './items.ts';
import type { CredentialRecord } from './records.ts';
import { rankOf } from './urgency.ts';
import { type Usage, unusedFinding } from './uses.ts';

/** The status of this moment: a scan may be an hour old, and an end does not wait for the next one. */
const statusNow = (one: CredentialRecord, nowEpochMs: number): CredentialRecord['status'] => {
  const { status, expiresOnEpochMs: end, warningAtEpochMs, criticalAtEpochMs } = one;
  if (end === undefined || status === 'disabled') return status;
  const facts = {
    enabled: true,
    notBeforeEpochMs: one.notBeforeEpochMs,
    expiresOnEpochMs: end,
    warningMs: end - (warningAtEpochMs ?? end),
    criticalMs: end - (criticalAtEpochMs ?? end),
  };
  return classifyStatus(facts, nowEpochMs);
};

/** @param usage absent: nobody asks for it, as in a report of one scan */
export const itemOfCredential = (record: CredentialRecord, nowEpochMs: number, usage?: Usage): Item => {
  const status = statusNow(record, nowEpochMs);
  const { suppressed, owner } = record;
  const { mark, severity, meaning, ...row } = CREDENTIAL_STATUSES[status];
  const current = { ...record, status };
  const needsAction = asksForAttention(current, nowEpochMs);
  return {
    id: record.credentialId,
    kind: record.kind,
    name: record.name,
    where: record.vault,
    severity: suppressed === undefined ? severity : 'none',
    mark,
    words: (suppressed === undefined ? [status] : [status, suppressed]).map(wordsOf).join(', '),
    meaning,
    isBroken: needsAction && status === 'expired',
    needsAction,
    rank: rankOf(current, nowEpochMs),
    status,
    endsEpochMs: record.expiresOnEpochMs,
    owner,
    whoActs: needsAction ? (owner ?? 'whoever uses it: nobody is named as its owner') : undefined,
    action: needsAction && 'action' in row ? row.action : undefined,
    runbook: record.runbook,
    rule: needsAction && 'rule' in row ? row.rule : undefined,
    findings: [...record.findings, ...(usage ? unusedFinding(usage, { status, suppressed }) : [])],
    usage,
    credential: record,
  };
};
