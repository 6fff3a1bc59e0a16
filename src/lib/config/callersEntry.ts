import * as z from 'zod/mini';
import { described, optional } from '../kernel/schema.ts';
import { guid } from './directoryEntry.ts';

const objectIds = z.array(guid).check(z.maxLength(500));

/** Who may call: the registration at Entra ID, and who has a role without its assignment there. */
export const callersEntry = z.strictObject({
  tenantId: described(guid, 'The tenant whose people and programs may call; no other.'),
  clientId: described(
    guid,
    'Client id of the app registration of Keywatch: the audience of tokens, and the client of the sign-in.',
  ),
  read: optional(
    objectIds,
    'Object ids of people and service principals that may see the board and the status, besides those with the app role Keywatch.Read.',
  ),
  reconnect: optional(
    objectIds,
    'Object ids of those that may reconnect grants, besides those with the app role Keywatch.Reconnect.',
  ),
});

/** Who gets access tokens of one grant. */
export const accessTokensEntry = z.strictObject({
  callers: optional(
    objectIds,
    'Object ids of those that get them, besides those with the app role Keywatch.Token.ID of the grant.',
  ),
});
