import * as z from 'zod/mini';
import { keysOf } from '../../kernel/keysOf.ts';
import { REFRESH_TRIGGERS } from '../../oauth/rules/refreshTriggers.ts';

const TRIGGERS = keysOf(REFRESH_TRIGGERS);

const request = z.object({
  grantId: z.string('grantId is missing').check(z.minLength(1, 'grantId is missing')),
  trigger: z.enum(TRIGGERS, `trigger is none of ${TRIGGERS.join(', ')}`),
});

/** "Look at this grant": what the refresh queue carries. It holds no decision: the worker decides again. */
export interface RefreshMessage extends Readonly<z.infer<typeof request>> {
  /** Why, for people. */
  readonly reason: string;
}

/**
 * Reads a message of the refresh queue.
 * @throws Error naming the member that is wrong: such a message is nobody's but a fault of the program
 */
export const readRefreshMessage = (message: unknown): Pick<RefreshMessage, 'grantId' | 'trigger'> => {
  const { success, data, error } = request.safeParse(Object(message));
  if (!success) throw new Error(`refresh message: ${error.issues[0]?.message}`);
  return data;
};
