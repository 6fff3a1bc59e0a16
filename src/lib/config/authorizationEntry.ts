import * as z from 'zod/mini';
import { described, optional } from '../kernel/schema.ts';

/** The authorization request of a provider; what a preset says of it stays where nothing is said here. */
export const authorizationEntry = z.strictObject({
  endpoint: optional(z.string(), 'Where a person consents: https. Needed where no preset has one.'),
  parameters: optional(z.record(z.string(), z.string()), 'Parameters beside the standard ones; no secrets.'),
  scopes: optional(
    z.array(z.string()).check(z.maxLength(20)),
    'Scopes without which no refresh token comes, besides those of the grant.',
  ),
  scopeSeparator: optional(z.enum([' ', ',']), 'What scopes are joined with.').check(
    z.meta({ default: ' ' }),
  ),
  scopeParameter: optional(z.enum(['scope', 'user_scope']), 'The parameter that carries the scopes.').check(
    z.meta({ default: 'scope' }),
  ),
  pkce: optional(z.enum(['S256', 'none']), 'none: only for a server that refuses it (RFC 7636).').check(
    z.meta({ default: 'S256' }),
  ),
  issuer: optional(
    z.string(),
    'The `iss` that the callback may carry (RFC 9207). Absent: one at the origin of the endpoint.',
  ),
  issParameter: optional(z.enum(['required', 'optional']), 'Whether the callback has to carry `iss`.').check(
    z.meta({ default: 'optional' }),
  ),
  callbackFields: optional(z.array(z.string()), 'Members of the callback to show to the person.'),
  tokenServerField: optional(
    z.string(),
    'Member of the callback that has to name the server of the token endpoint.',
  ),
  accountIdentity: optional(
    z.strictObject({
      from: described(z.enum(['answer', 'id_token', 'callback']), 'What names the account.'),
      at: described(z.string(), 'JSON pointer to its id there.'),
    }),
    'How to tell the account of a consent, so that it does not change unnoticed.',
  ),
});
