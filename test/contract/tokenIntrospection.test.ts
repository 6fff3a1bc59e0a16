import { describe, expect, it, onTestFinished } from 'vitest';
import { tokenIntrospection } from '../../src/lib/prove/resource/tokenIntrospection.ts';
import { httpAnswer, startRawHttpServer } from '../fakes/rawHttpServer.ts';

const asking = async (answer: string) => {
  const server = await startRawHttpServer((socket) => void socket.end(answer));
  onTestFinished(() => server.close());
  const proof = { headers: { authorization: 'Basic abc' }, parameters: { client_id: 'keywatch' } };
  const result = await tokenIntrospection().introspect({
    ...{ url: `http://127.0.0.1:${server.port}/introspect`, token: 'a token&', proof },
    signal: new AbortController().signal,
  });
  return { result, sent: server.received.join() };
};
const json = (status: number, body: unknown) => httpAnswer(status, {}, JSON.stringify(body));

describe('an introspection (RFC 7662)', () => {
  it('asks by one POST, with what proves the client', async () => {
    const { result, sent } = await asking(json(200, { active: true, scope: 'x' }));
    expect(result).toEqual({ kind: 'answered', httpStatus: 200, active: true });
    expect(sent).toMatch(/^POST \/introspect HTTP\/1\.1\r\n/);
    expect(sent).toMatch(/authorization: Basic abc\r\n/i);
    expect(sent).toMatch(/\r\n\r\ntoken=a\+token%26&token_type_hint=access_token&client_id=keywatch$/);
  });

  it.each<[string, string, boolean | undefined]>([
    ['that it is not active', json(200, { active: false }), false],
    ['something else', json(200, { active: 'true' }), undefined],
    ['no JSON', httpAnswer(200, {}, '<html>'), undefined],
    ['that the client may not ask', json(403, { error: 'access_denied' }), undefined],
  ])('may be told %s', async (_what, answer, active) => {
    expect((await asking(answer)).result).toMatchObject({ kind: 'answered', active });
  });
});
