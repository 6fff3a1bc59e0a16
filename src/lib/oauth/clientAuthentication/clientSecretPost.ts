import { method } from './method.ts';
import { SECRET_MEMBERS, secretCredential } from './sharedSecret.ts';

/** Id and secret in the body. @see RFC 6749 §2.3.1 */
export const clientSecretPost = method({
  name: 'client_secret_post',
  meaning: 'id and secret in the body',
  members: SECRET_MEMBERS,
  hasSharedSecret: true,
  parameters: ['client_id', 'client_secret'],
  credential: (entry, context) =>
    secretCredential('client_secret_post', entry, context, (secret) => async ({ clientId }) => ({
      parameters: { client_id: clientId, client_secret: secret },
    })),
});
