import { method } from './method.ts';

/** A public client, which only says who it is. @see RFC 6749 §3.2.1 */
export const none = method({
  name: 'none',
  meaning: 'the id alone, of a public client',
  members: {},
  hasSharedSecret: false,
  parameters: ['client_id'],
  credential: () => ({
    method: 'none',
    objects: [],
    whenRefused: ': a client without authentication is a public client there',
    open: async () => ({
      ok: true,
      authenticate: async ({ clientId }) => ({ parameters: { client_id: clientId } }),
    }),
  }),
});
