import { afterAll, describe, expect, it } from 'vitest';
import { proofEntry, proofLines } from '../../../src/cli/report/proofReport.ts';
import { plain } from '../../../src/cli/report/style.ts';
import type { ConfiguredClient } from '../../../src/lib/prove/configuredClient.ts';
import { entraFlow } from '../../../src/lib/prove/entra/entraFlow.ts';
import { createProver } from '../../../src/lib/prove/prover.ts';
import { resourceCall } from '../../../src/lib/prove/resource/resourceCall.ts';
import { tokenIntrospection } from '../../../src/lib/prove/resource/tokenIntrospection.ts';
import { startCapturedTelemetry } from '../../fakes/captureTelemetry.ts';
import { credentialStore } from '../../fakes/clientCredential.ts';
import { jwtOf, provenClient, provenKey } from '../../fakes/prove.ts';
import { CANARY, provedClient } from '../../fakes/provedClient.ts';
import { httpAnswer, startRawHttpServer } from '../../fakes/rawHttpServer.ts';
import { startedEntra } from '../../fakes/startedEntra.ts';

const { world } = startedEntra();
const captured = startCapturedTelemetry();
const { telemetry, redactor, capture } = captured;
afterAll(() => telemetry.close(5_000));

/** Answers with all that it was sent, wherever an answer has room. */
const startEcho = () =>
  startRawHttpServer((socket, request) => {
    const sent = /(?:authorization: Bearer|x-api-key:) (\S+)/i.exec(request)?.[1] ?? 'nothing';
    const headers = {
      'www-authenticate': `Bearer error="${sent}", error_description="${sent}", claims="${sent}"`,
      'content-type': `text/${sent.slice(0, 60)}`,
      location: `https://elsewhere.example/?token=${sent}`,
    };
    socket.end(httpAnswer(sent === 'nothing' ? 403 : 401, headers, sent));
  });

/** What left the process for one client: telemetry, and what `npm run prove` prints. */
const shownOf = async (client: ConfiguredClient): Promise<string> => {
  const store = credentialStore(CANARY);
  const clock = { ...world.clock, sleep: async () => undefined };
  const prover = createProver(
    { clients: [client], dailyReportHourUtc: 5, vaultName: () => 'kv-a', isConfiguredName: () => false },
    {
      ...{ clock, telemetry, secrets: redactor },
      prove: {
        clientCredentials: store,
        flow: entraFlow({ store, clock, telemetry, ca: world.server.ca }),
        resource: resourceCall({ clock }),
        introspection: tokenIntrospection(),
      },
    },
  );
  const proof = await prover.prove(client.id);
  if (proof === undefined) throw new Error('nothing was proven');
  await captured.settle();
  const printed = [...proofLines(client, proof, plain), JSON.stringify(proofEntry(client, proof))];
  const shown = `${JSON.stringify(capture.envelopes)}\n${printed.join('\n')}`;
  capture.clear();
  return shown;
};

const ofEntra = (url: string): ConfiguredClient => {
  const { application, server, tenant } = world;
  const issuer = { kind: 'entra', tenantId: tenant.tenantId, authorityHost: server.authorityHost } as const;
  const client = provedClient({ id: 'orders', clientId: application.appId, issuer });
  const expects = { roles: undefined, scopes: undefined, maxTokenMinutes: 1440 };
  return provenClient({ subject: { kind: 'client', client, expects }, call: { url } });
};

describe('of a proof', () => {
  it('no secret and no token leaves, where a resource echoes all that it is sent', async () => {
    const echo = await startEcho();
    const shown = await shownOf(ofEntra(`http://127.0.0.1:${echo.port}/me`));
    await echo.close();
    const token = /Bearer (\S+)/.exec(echo.received.join('\n'))?.[1] ?? '';
    expect(token.length).toBeGreaterThan(200);
    expect(shown).toContain('call_refused');
    for (const part of [token, ...token.split('.').slice(1), CANARY]) expect(shown).not.toContain(part);
  });

  it('no secret leaves, where the token endpoint puts it into every member of its answer', async () => {
    const body = { error: CANARY, error_description: CANARY, error_codes: [7000215], suberror: CANARY };
    world.server.answerNext({ status: 401, body }, { 'x-ms-request-id': CANARY });
    const shown = await shownOf(ofEntra('https://never-called.example/'));
    expect(shown).toContain('credential_wrong');
    expect(shown).not.toContain(CANARY);
  });

  it('no secret leaves, where the token names it as a scope, a role and a claim', async () => {
    const echo = await startEcho();
    const token = jwtOf(JSON.stringify({ roles: [CANARY, `x:${CANARY}`], [`password${CANARY}`]: CANARY }));
    const body = { access_token: token, token_type: CANARY, scope: `${CANARY} ${token}`, expires_in: CANARY };
    world.server.answerNext({ status: 200, body });
    const shown = await shownOf(ofEntra(`http://127.0.0.1:${echo.port}/me`));
    await echo.close();
    expect(shown).toContain('(a secret)');
    for (const part of [CANARY, token.slice(0, 40)]) expect(shown).not.toContain(part);
  });

  it('no static key leaves', async () => {
    const echo = await startEcho();
    const shown = await shownOf({ ...provenKey(), call: { url: `http://127.0.0.1:${echo.port}/me` } });
    await echo.close();
    expect(echo.received.join()).toContain(CANARY);
    expect(shown).toContain('call_refused');
    expect(shown).not.toContain(CANARY);
  });
});
