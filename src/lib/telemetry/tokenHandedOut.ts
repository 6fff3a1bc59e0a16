import { TOKEN_SOURCES } from '../credentials/tokenSources.ts';
import { grantId } from './attributes.ts';
import { number, oneOf, optional, quantity, text } from './attributeTypes.ts';

const seq = number('Sequence number of the access token; rises with each one of the grant.');

const caller = {
  tenantId: text('Tenant of the caller.'),
  objectId: text('Object id of the caller, which no other one ever has.'),
  clientId: optional(
    text('Client that its own token was given to (`azp`); absent where its token names none.'),
  ),
} as const;

/** Who uses a grant. Never the token, nor its digest. */
export const tokenHandedOut = {
  meaning:
    'A caller got an access token of a grant: at once for the first time that an instance gives it that token, and then once a minute at most, with how often. An instance that ends has not counted its last minute.',
  attributes: {
    credentialId: grantId,
    source: oneOf(TOKEN_SOURCES),
    seq,
    handOuts: quantity('{hand-out}', 'How often since the event before.'),
    ...caller,
  },
} as const;

/** A 401 that names its credential. */
export const tokenReported = {
  meaning:
    'A caller reported that the access token which was handed out at that moment is refused (401) where it is used; once for each token and instance, by the first who did.',
  attributes: { credentialId: grantId, seq, ...caller },
} as const;
