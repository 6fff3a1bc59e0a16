import { notingAge } from '../../oauth/notingAge.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { isCoolingOfClient, withoutCoolDown } from '../rules/refreshFailure.ts';
import type { GrantView } from './attempt.ts';

/**
 * The record, without the pause where the client's credential was at fault and another one opens by now: whoever
 * mended it need not wait. What cannot be opened is as it was.
 */
export const unlessRenewed = async (
  { ports, grant, leased }: Pick<GrantView, 'ports' | 'grant' | 'leased'>,
  record: ControlRecord,
): Promise<ControlRecord> => {
  const { failures } = record;
  if (!isCoolingOfClient(failures, leased.storeNowEpochMs())) return record;
  const { store, madeEpochMs } = notingAge(ports.clientCredentials);
  const opened = await grant.clientCredential.open(store);
  const isSame = !opened.ok || madeEpochMs() === failures.clientMadeEpochMs;
  return isSame ? record : { ...record, failures: withoutCoolDown(failures) };
};
