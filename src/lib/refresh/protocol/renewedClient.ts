import { notingAge } from '../../oauth/notingAge.ts';
import { digestOf } from '../../stores/digestOf.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { isCoolingOfClient, withoutCoolDown } from '../rules/refreshFailure.ts';
import type { GrantView } from './attempt.ts';

/** As what a provider judges a client: what the config says of both, and when the credential was made. */
export const clientDigestOf = (
  { grant, profile }: Pick<GrantView, 'grant' | 'profile'>,
  madeEpochMs: number | undefined,
): string => digestOf(JSON.stringify([grant.clientId, grant.clientCredential, profile, madeEpochMs]));

/**
 * The record, without the pause where the client or its settings were at fault and are others by now: whoever
 * mended them need not wait. What cannot be opened is as it was.
 */
export const unlessRenewed = async (
  { ports, grant, profile, leased }: Pick<GrantView, 'ports' | 'grant' | 'profile' | 'leased'>,
  record: ControlRecord,
): Promise<ControlRecord> => {
  const { failures } = record;
  if (!isCoolingOfClient(failures, leased.storeNowEpochMs())) return record;
  const { store, madeEpochMs } = notingAge(ports.clientCredentials);
  const opened = await grant.clientCredential.open(store);
  const isSame = !opened.ok || clientDigestOf({ grant, profile }, madeEpochMs()) === failures.clientDigest;
  return isSame ? record : { ...record, failures: withoutCoolDown(failures) };
};
