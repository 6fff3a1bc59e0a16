import { TOKEN_SOURCES } from '../credentials/tokenSources.ts';
import { keysOf, meaningsOf } from '../kernel/keysOf.ts';
import { grantId } from './attributes.ts';

const seq = {
  type: 'number',
  meaning: 'Sequence number of the access token; rises with each one of the grant.',
} as const;

const caller = {
  tenantId: { type: 'string', meaning: 'Tenant of the caller.' },
  objectId: { type: 'string', meaning: 'Object id of the caller, which no other one ever has.' },
  clientId: {
    type: 'string',
    optional: true,
    meaning: 'Client that its own token was given to (`azp`); absent where its token names none.',
  },
} as const;

/** Who uses a grant. Never the token, nor its digest. */
export const tokenHandedOut = {
  meaning:
    'A caller got an access token of a grant: at once for the first time that an instance gives it that token, and then once a minute at most, with how often. An instance that ends has not counted its last minute.',
  attributes: {
    credentialId: grantId,
    source: { type: 'string', values: keysOf(TOKEN_SOURCES), meaning: meaningsOf(TOKEN_SOURCES) },
    seq,
    handOuts: { type: 'number', unit: '{hand-out}', meaning: 'How often since the event before.' },
    ...caller,
  },
} as const;

/** A 401 that names its credential. */
export const tokenReported = {
  meaning:
    'A caller reported that the access token which was handed out at that moment is refused (401) where it is used; once for each token and instance, by the first who did.',
  attributes: { credentialId: grantId, seq, ...caller },
} as const;
