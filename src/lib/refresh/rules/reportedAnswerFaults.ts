import { isoDate } from '../../kernel/instant.ts';
import type { AnswerFault } from '../../oauth/rules/answerFault.ts';

/** When each fault of a grant's answers was reported last, by its code, in epoch milliseconds. */
export type ReportedFaults = Readonly<Record<string, number>>;

/** What to do about a fault. */
const FIX: Readonly<Record<AnswerFault['code'], string>> = {
  status_not_200: 'Nothing breaks by it; the provider should answer a success with 200.',
  cut_off: 'If it lasts, ask the provider, and whoever runs a proxy in between, why its answers end early.',
  form_not_json: 'Nothing breaks by it; an accept of this provider that names form says that it is meant.',
  broken_json: 'Report the provider: at the next change of its answer the token may not be found.',
  content_type_not_json: 'Nothing breaks by it; the provider should name JSON as what it is.',
  no_token_type: 'Nothing breaks by it; the provider should send token_type (RFC 6749, 5.1).',
  token_type_not_bearer: 'See that the consumers of this grant can use a token of that type.',
  lifetime_not_a_number: 'Set idleDays or absoluteDays of this provider: what it announces cannot be used.',
  lifetime_negative: 'Set idleDays or absoluteDays of this provider: what it announces cannot be used.',
  lifetime_not_believed: 'Set idleDays or absoluteDays of this provider: what it announces cannot be meant.',
  absolute_limit_refuted:
    'Correct absoluteDays of this provider, or consentedAt of the grant: its token outlived them.',
  rotation_contradicted:
    'Set rotation of this provider to what the server does; until then it is treated as strict.',
  lifetime_a_string: 'Nothing breaks by it; the provider should send a number.',
  refresh_token_elsewhere: 'Set tokenPath of this provider to the object that holds the tokens.',
  refresh_token_unread:
    'Look at the answer with the provider: its refresh token is in no shape that can be stored.',
};

/**
 * Which faults of an answer are to be reported now: each once a day (UTC), and what is to be remembered of that. What
 * was reported at an instant that lies ahead was told by a wrong clock, and is reported again.
 */
export const faultsToReport = (
  faults: readonly AnswerFault[],
  told: ReportedFaults,
  nowEpochMs: number,
): { readonly unreported: readonly AnswerFault[]; readonly told: ReportedFaults } => {
  const isReported = ({ code }: AnswerFault): boolean => {
    const lastEpochMs = told[code];
    return (
      lastEpochMs !== undefined && lastEpochMs <= nowEpochMs && isoDate(lastEpochMs) === isoDate(nowEpochMs)
    );
  };
  const unreported = faults.filter((fault) => !isReported(fault));
  const entries = faults.map((fault) => [
    fault.code,
    isReported(fault) ? (told[fault.code] ?? nowEpochMs) : nowEpochMs,
  ]);
  return { unreported, told: Object.fromEntries(entries) };
};

/** The faults of one answer as one finding, with what to do about each. */
export const describeFaults = (faults: readonly AnswerFault[]): string => {
  const texts = faults.map(({ text }) => text).join('; ');
  const fixes = [...new Set(faults.map(({ code }) => FIX[code]))].join(' ');
  return `The answer of its token endpoint was used and is not as it should be: ${texts}. ${fixes}`;
};
