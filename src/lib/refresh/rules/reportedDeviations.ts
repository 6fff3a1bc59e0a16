import { isoDate } from '../../kernel/instant.ts';
import type { AnswerDeviation } from '../../oauth/rules/answerDeviation.ts';

/** When each deviation of a grant's answers was reported last, by its code, in epoch milliseconds. */
export type ReportedDeviations = Readonly<Record<string, number>>;

/** What to do about a deviation. */
const FIX: Readonly<Record<AnswerDeviation['code'], string>> = {
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
  excess_scope:
    'Compare what the client may do at the provider with "scopes" of the grant, and take away what is not needed.',
  scope_missing:
    'Consent again with all of "scopes" of the grant, or take out of it what is not needed: consumers are refused what is missing.',
  refresh_token_unread:
    'Look at the answer with the provider: its refresh token is in no shape that can be stored.',
};

/**
 * Which deviations of an answer are to be reported now: each once a day (UTC), and what is to be remembered of that. What
 * was reported at an instant that lies ahead was told by a wrong clock, and is reported again.
 */
export const deviationsToReport = (
  deviations: readonly AnswerDeviation[],
  known: ReportedDeviations,
  nowEpochMs: number,
): { readonly unreported: readonly AnswerDeviation[]; readonly known: ReportedDeviations } => {
  const isReported = ({ code }: AnswerDeviation): boolean => {
    const lastEpochMs = known[code];
    return (
      lastEpochMs !== undefined && lastEpochMs <= nowEpochMs && isoDate(lastEpochMs) === isoDate(nowEpochMs)
    );
  };
  const unreported = deviations.filter((deviation) => !isReported(deviation));
  const entries = deviations.map((deviation) => [
    deviation.code,
    isReported(deviation) ? (known[deviation.code] ?? nowEpochMs) : nowEpochMs,
  ]);
  return { unreported, known: Object.fromEntries(entries) };
};

/** The deviations of one answer as one finding, with what to do about each. */
export const describeDeviations = (deviations: readonly AnswerDeviation[]): string => {
  const texts = deviations.map(({ text }) => text).join('; ');
  const fixes = [...new Set(deviations.map(({ code }) => FIX[code]))].join(' ');
  return `The answer of its token endpoint was used and is not as it should be: ${texts}. ${fixes}`;
};
