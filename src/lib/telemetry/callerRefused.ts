import { CALLER_REFUSALS } from '../credentials/callerRefusals.ts';
import { action } from './attributes.ts';
import { oneOf, optional, text } from './attributeTypes.ts';

const onceSure = (meaning: string) => optional(text(`${meaning} Absent until it is sure who calls.`));

/** Somebody was turned away from a protected address. */
export const callerRefused = {
  meaning: 'Somebody was turned away from a protected address. The request itself is in `AppRequests`.',
  attributes: {
    reason: oneOf(CALLER_REFUSALS),
    function: text('Name of the function that was called.'),
    role: onceSure('App role that it needs, and the caller lacks.'),
    tenantId: onceSure('Tenant of the caller.'),
    objectId: onceSure('Object id of the person or service principal.'),
    clientId: onceSure('Client that the token was given to; also absent for a session.'),
    action,
  },
} as const;
