import type { StoreAnswer } from '../kernel/storeFailure.ts';
import { digestOf } from '../stores/digestOf.ts';
import type { RefreshPorts } from './ports.ts';
import { accessTokenName } from './protocol/keepAccessToken.ts';
import {
  type AccessTokenDecision,
  type AccessTokenWish,
  decideAccessToken,
  livingToken,
} from './rules/accessToken.ts';
import { type KeptAccessToken, newControlRecord } from './rules/controlRecord.ts';
import { readControlRecord } from './rules/controlRecordText.ts';

/** What the record of a grant says of its access token. */
export interface AccessTokenView {
  /** By the clock of the control store. */
  readonly nowEpochMs: number;
  /** Absent: there is none, or it has ended. */
  readonly living: KeptAccessToken | undefined;
  /** Since when the grant is dead; absent: it is not. */
  readonly deadSinceEpochMs: number | undefined;
  readonly decide: (wish: AccessTokenWish) => AccessTokenDecision;
}

/** Reads it: one call, no lease. */
export const readAccessToken = async (
  { control }: Pick<RefreshPorts, 'control'>,
  grantId: string,
): Promise<StoreAnswer<{ readonly view: AccessTokenView }>> => {
  const read = await control.read(grantId);
  if (!read.ok) return read;
  const { body, storeNowEpochMs: nowEpochMs } = read.snapshot;
  const reading = readControlRecord(body, grantId, digestOf);
  // What a worker has to put right first, it does when it is asked for a token.
  const record = reading.kind === 'record' ? reading.record : newControlRecord(grantId, '');
  const { phase, accessToken } = record;
  const view: AccessTokenView = {
    nowEpochMs,
    living: livingToken(accessToken, nowEpochMs),
    deadSinceEpochMs: phase.state === 'dead' ? phase.sinceEpochMs : undefined,
    decide: (wish) => decideAccessToken(record, wish, nowEpochMs),
  };
  return { ok: true, view };
};

/** Opens it. `tampered`: it is not that of this grant. */
export const openAccessToken = async (
  { seal }: Pick<RefreshPorts, 'seal'>,
  grantId: string,
  { envelope }: Pick<KeptAccessToken, 'envelope'>,
): Promise<StoreAnswer<{ readonly accessToken: string }>> => {
  const opened = await seal.unseal(envelope, accessTokenName(grantId));
  return opened.ok ? { ok: true, accessToken: opened.plaintext } : opened;
};
