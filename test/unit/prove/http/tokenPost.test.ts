import { expect, it } from 'vitest';
import { type MakePost, proveByPost } from '../../../../src/lib/prove/http/tokenPost.ts';
import { CANARY, flowWorld, provedClient, shownOf } from '../../../fakes/provedClient.ts';
import { httpAnswer, startRawHttpServer } from '../../../fakes/rawHttpServer.ts';

const start = async () => {
  const server = await startRawHttpServer((socket) => void socket.end(httpAnswer(401, {}, '{}')));
  return { server, address: `${server.origin}/token` };
};

const prove = async (address: string, make: MakePost) => {
  const { options, context } = flowWorld({ allowLoopback: true });
  const result = await proveByPost(options, provedClient(), context(), address, make);
  if (result.ok) throw new Error('a token was issued');
  expect(shownOf(result)).not.toContain(CANARY);
  return result;
};

it('lets a library send to the token endpoint of the client, and nowhere else', async () => {
  const [own, other] = [await start(), await start()];
  const result = await prove(own.address, ({ send }) => send(other.address, {}, CANARY));
  expect(result).toMatchObject({ code: 'not_asked', retryable: false });
  await prove(own.address, ({ send }) => send(own.address.replace('token', 'other'), {}, CANARY));
  expect([...own.server.received, ...other.server.received]).toEqual([]);
});

it('lets a library send once, and goes by what came of that', async () => {
  const { server, address } = await start();
  const result = await prove(address, async ({ send }) => {
    await send(`${address}?client-request-id=1`, {}, '');
    await send(address, {}, '');
  });
  expect(result).toMatchObject({ code: 'credential_wrong', httpStatus: 401 });
  expect(server.received).toHaveLength(1);
});

it('passes on of what a library throws its code alone', async () => {
  const { address } = await start();
  const result = await prove(address, async () => {
    throw Object.assign(new Error(CANARY), { errorCode: 'some_code', response: CANARY });
  });
  expect(result.message).toBe(
    'Client crm could not ask login.example for a token: the request could not be made (some_code).',
  );
});
