import { createHash } from 'node:crypto';
import type { Tokens } from '../../oauth/ports.ts';
import { keptForMs, noneCameAtEpochMs } from '../rules/accessToken.ts';
import type { KeptAccessToken } from '../rules/controlRecord.ts';
import type { HoldingAttempt } from './attempt.ts';

/** What the envelope of an access token is bound to. No grant's id has a tilde: it never opens as a refresh token. */
export const accessTokenName = (grantId: string): string => `${grantId}~access`;

/** What consumers name a token by; the first 64 bits tell tokens of one grant apart, and give nothing away. */
export const accessTokenDigest = (token: string): string =>
  createHash('sha256').update(token).digest('hex').slice(0, 16);

/** Characters; a longer one is not repeated to consumers. */
const LONGEST_SCOPE = 4096;

/**
 * Keeps the access token of an answer in the record, sealed, where it is handed out. It comes last, when the refresh
 * token is safe or cannot be made so any more, and what goes wrong here costs no more than another refresh.
 */
export const keepAccessToken = async (
  { grant, leased, seal, wish }: Pick<HoldingAttempt, 'grant' | 'leased' | 'seal' | 'wish'>,
  answer: Tokens,
  { seq, obtainedAtEpochMs }: Pick<KeptAccessToken, 'seq' | 'obtainedAtEpochMs'>,
): Promise<void> => {
  const reading = leased.reading();
  const keptMs = keptForMs(answer, obtainedAtEpochMs);
  const { accessToken: value, scope } = answer;
  if (grant.accessTokens === undefined || reading.kind !== 'record') return;
  const { record } = reading;
  const before = record.accessToken;
  const digest = value && accessTokenDigest(value);
  try {
    if (value === undefined || digest === undefined || keptMs === undefined) {
      const sameEndsEpochMs = before?.digest === digest ? before?.expiresAtEpochMs : undefined;
      const noAccessTokenAtEpochMs = noneCameAtEpochMs(obtainedAtEpochMs, sameEndsEpochMs);
      await leased.write({ ...record, noAccessTokenAtEpochMs });
      return;
    }
    const accessToken: KeptAccessToken = {
      envelope: seal(value, { subject: accessTokenName(grant.id), seq }),
      digest,
      scope: scope === undefined || scope.length > LONGEST_SCOPE ? undefined : scope,
      seq,
      obtainedAtEpochMs,
      expiresAtEpochMs: obtainedAtEpochMs + keptMs,
      refusals: before !== undefined && wish?.refused === before.digest ? before.refusals + 1 : 0,
    };
    await leased.write({ ...record, accessToken, noAccessTokenAtEpochMs: undefined });
  } catch {
    // Sealing or a store broke its promise: the refresh is over all the same.
  }
};
