import { REFRESH_TRIGGERS, type RefreshTrigger } from '../../oauth/rules/grant.ts';

/**
 * Reads a message of the refresh queue.
 * @throws Error naming the member that is wrong: such a message is nobody's but a fault of the program
 */
export const readRefreshMessage = (message: unknown): { grantId: string; trigger: RefreshTrigger } => {
  const { grantId, trigger } = (message ?? {}) as Record<string, unknown>;
  if (typeof grantId !== 'string' || grantId === '') throw new Error('refresh message: grantId is missing');
  const known = REFRESH_TRIGGERS.find((one) => one === trigger);
  if (known === undefined)
    throw new Error(`refresh message: trigger is none of ${REFRESH_TRIGGERS.join(', ')}`);
  return { grantId, trigger: known };
};
