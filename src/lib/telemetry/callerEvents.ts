import { CALLER_REFUSALS } from '../credentials/callerRefusals.ts';
import { TOKEN_SOURCES } from '../credentials/tokenSources.ts';
import { TOKEN_TROUBLES } from '../credentials/tokenTroubles.ts';
import { action, grantId } from './attributes.ts';
import { number, oneOf, optional, quantity, text } from './attributeTypes.ts';

const onceSure = (meaning: string) => optional(text(`${meaning} Absent until it is sure who calls.`));

const seq = number('Sequence number of the access token; rises with each one of the grant.');

const caller = {
  tenantId: text('Tenant of the caller.'),
  objectId: text('Object id of the caller, which no other one ever has.'),
  clientId: optional(
    text('Client that its own token was given to (`azp`); absent where its token names none.'),
  ),
} as const;

/** What callers were refused, and what they got. Never a token, nor its digest. */
export const callerEvents = {
  'keywatch.caller.refused': {
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
  },
  'keywatch.token.handed_out': {
    meaning:
      'A caller got an access token of a grant: at once for the first time that an instance gives it that token, and then once a minute at most, with how often. An instance that ends has not counted its last minute.',
    attributes: {
      credentialId: grantId,
      source: oneOf(TOKEN_SOURCES),
      seq,
      handOuts: quantity('{hand-out}', 'How often since the event before.'),
      ...caller,
    },
  },
  'keywatch.token.unavailable': {
    meaning:
      'A caller who may have an access token of a grant got none, by no fault of the caller: for each reason at once, and then once a minute at most, with how often.',
    attributes: {
      credentialId: grantId,
      reason: oneOf(TOKEN_TROUBLES),
      refusals: quantity('{request}', 'How often, for this reason, since the event before.'),
      ...caller,
      action,
    },
  },
  'keywatch.token.reported': {
    meaning:
      'A caller reported that the access token which was handed out at that moment is refused (401) where it is used; once for each token and instance, by the first who did.',
    attributes: { credentialId: grantId, seq, ...caller },
  },
} as const;
