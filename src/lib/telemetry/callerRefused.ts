import { CALLER_REFUSALS } from '../credentials/callerRefusals.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import { action } from './attributes.ts';

const onceSure = (meaning: string) =>
  ({ type: 'string', optional: true, meaning: `${meaning} Absent until it is sure who calls.` }) as const;

/** Somebody was turned away from a protected address. */
export const callerRefused = {
  meaning: 'Somebody was turned away from a protected address. The request itself is in `AppRequests`.',
  attributes: {
    reason: { type: 'string', values: keysOf(CALLER_REFUSALS), meaning: meaningsOf(CALLER_REFUSALS) },
    function: { type: 'string', meaning: 'Name of the function that was called.' },
    role: onceSure('App role that it needs, and the caller lacks.'),
    tenantId: onceSure('Tenant of the caller.'),
    objectId: onceSure('Object id of the person or service principal.'),
    clientId: onceSure('Client that the token was given to; also absent for a session.'),
    action,
  },
} as const;
