import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { method } from '../../../../src/lib/oauth/clientAuthentication/method.ts';
import { credentialMembers, METHODS } from '../../../../src/lib/oauth/clientAuthentication/methods.ts';
import { readClientCredential } from '../../../../src/lib/oauth/clientAuthentication/readClientCredential.ts';
import { tokenEndpoint } from '../../../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { credentialStore } from '../../../fakes/clientCredential.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { strictProfile } from '../../../fakes/profiles.ts';
import { startRawHttpServer } from '../../../fakes/rawHttpServer.ts';

/** All that a further method is: the file that would be `apiKey.ts` … */
const apiKey = method({
  name: 'api_key',
  meaning: 'a key in a header of its own',
  members: { clientApiKey: z.optional(z.strictObject({ secretName: z.string() })) },
  hasSharedSecret: true,
  parameters: [],
  credential({ clientApiKey: { secretName } }, { objectOf }) {
    const key = objectOf('secret', 'clientApiKey', undefined, secretName);
    return (
      key && {
        method: 'api_key',
        objects: [key],
        whenRefused: ', and that the key is the one of today',
        async open(store) {
          const read = await store.readSecret(key);
          return read.ok
            ? { ok: true, authenticate: async () => ({ headers: { 'x-api-key': read.value } }) }
            : read;
        },
      }
    );
  },
});
/** … and its line of the table. */
const methods = [...METHODS, apiKey] as const;

const faults: string[] = [];
const read = (name: string, entry: object) =>
  readClientCredential(
    name,
    { ...entry },
    {
      clientId: 'client-1',
      objectOf: (kind, setting, vaultUrl = 'https://kv.vault.azure.net', name) => ({
        ...{ kind, setting, vaultUrl, name },
      }),
      fault: (...said) => void faults.push(said.join('; ')),
    },
    methods,
  );

it('a further method is a member of the schema of a grant', () => {
  const grant = z.strictObject(credentialMembers(methods));
  expect(grant.safeParse({ clientApiKey: { secretName: 'key' } }).success).toBe(true);
  expect(grant.safeParse({ clientApiKey: { secretName: 1 } }).success).toBe(false);
  expect(z.toJSONSchema(grant).properties).toHaveProperty('clientApiKey');
});

it('a further method is asked for where the provider wants it, and refused where it wants another', () => {
  expect(read('api_key', { clientSecret: { secretName: 's' } })).toBeUndefined();
  expect(read('none', { clientApiKey: { secretName: 'key' } })).toBeUndefined();
  expect(read('private_key_jwt', {})).toBeUndefined();
  expect(faults.splice(0)).toEqual([
    '; clientSecret; clientApiKey alone: the provider wants api_key, a key in a header of its own',
    '; clientApiKey; no client credential: the provider wants none, the id alone, of a public client',
    '; no clientKey; clientKey alone: the provider wants private_key_jwt, an assertion that a key in Key Vault signs',
  ]);
});

it('a further method is sent to the token endpoint', async () => {
  const server = await startRawHttpServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const credential = read('api_key', { clientApiKey: { secretName: 'key' } });
  expect(credential?.objects).toMatchObject([{ kind: 'secret', name: 'key' }]);
  const client = await credential?.open(credentialStore('the-key'));
  if (client?.ok !== true) throw new Error('no client was opened');
  await tokenEndpoint({ clock: manualClock(), allowLoopback: true }).refresh({
    grantId: 'partner',
    profile: strictProfile({ tokenEndpoint: `http://127.0.0.1:${server.port}/token` }),
    clientId: 'client-1',
    authenticate: client.authenticate,
    refreshToken: 'rt-old',
    timeoutMs: 3000,
  });
  await server.close();
  expect(server.received.join('')).toMatch(/^x-api-key: the-key\r$/im);
});
