import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { afterAll, expect, it } from 'vitest';
import { applicationInsights } from '../../../src/lib/telemetry/applicationInsights/applicationInsights.ts';
import { createRedactor } from '../../../src/lib/telemetry/redact.ts';
import { captureTelemetry } from '../../../src/local/telemetry/capture.ts';
import { settled } from '../../fakes/captureTelemetry.ts';
import { manualClock } from '../../fakes/manualClock.ts';

/** The address and sign-in of a real component; the network is still the capture's. */
const CONNECTION =
  'InstrumentationKey=00000000-0000-4000-8000-000000000002;IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/';

/** What companies set for all their apps, and the SDK would obey rather than us. */
Object.assign(process.env, {
  OTEL_BSP_MAX_QUEUE_SIZE: '2',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
  OTEL_SERVICE_NAME: 'booking-site',
  APPLICATIONINSIGHTS_CONFIGURATION_CONTENT: '{"samplingRatio":0}',
});

const capture = captureTelemetry();
const requests: PipelineRequest[] = [];
const httpClient: HttpClient = {
  sendRequest(request) {
    requests.push(request);
    return capture.httpClient.sendRequest(request);
  },
};
const scopes: unknown[] = [];
let signedIn = true;
const redactor = createRedactor();
const telemetry = applicationInsights({
  deployment: 'kw-test',
  connectionString: CONNECTION,
  clock: manualClock(),
  redactor,
  httpClient,
  credential: {
    async getToken(scope) {
      scopes.push(scope);
      if (!signedIn) throw new Error('no identity here');
      return { token: 'header.payload.signature', expiresOnTimestamp: 0 };
    },
  },
  notice: (sentence) => expect.unreachable(sentence),
});
afterAll(() => telemetry.close(5_000));

const sendSecret = () =>
  telemetry.failure({
    ok: false,
    code: 'x',
    retryable: true,
    message: 'it was hushhushhush',
    action: 'wait',
  });

it('an Azure endpoint gets compressed batches, signed in, and redacted before they were compressed', async () => {
  redactor.registerSecret('hushhushhush');
  sendSecret();
  expect(await telemetry.flush(60_000)).toEqual({ finished: true, undeliveredBatches: 0 });
  const [request] = requests;
  expect(request?.url).toMatch(/^https:\/\/westeurope-5\.in\.applicationinsights\.azure\.com\/v2\.1\/track$/);
  expect(request?.headers.get('content-encoding')).toBe('gzip');
  expect(request?.headers.get('authorization')).toBe('Bearer header.payload.signature');
  expect(scopes[0]).toEqual(['https://monitor.azure.com/.default']);
  expect(capture.envelopes[0]?.data.baseData.exceptions?.[0]?.message).toBe('it was [redacted]');
});

it('an identity that cannot sign in costs the batch, is counted, and never reaches a caller', async () => {
  signedIn = false;
  sendSecret();
  const { undeliveredBatches } = await settled(telemetry);
  signedIn = true;
  expect(undeliveredBatches).toBe(1);
});

it('a redirect to another domain is not followed', async () => {
  const before = requests.length;
  capture.setFault({ kind: 'redirect', location: 'https://attacker.example/v2.1/track' });
  sendSecret();
  const { undeliveredBatches } = await settled(telemetry);
  capture.setFault(undefined);
  expect(undeliveredBatches).toBe(2);
  expect(requests.slice(before).map(({ url }) => new URL(url).hostname)).toEqual([
    'westeurope-5.in.applicationinsights.azure.com',
  ]);
});

it('a batch that another host of ingestion takes is no loss', async () => {
  const { undeliveredBatches: before } = await settled(telemetry);
  capture.setFault({
    kind: 'redirect',
    location: 'https://westeurope-1.in.applicationinsights.azure.com/v2.1/track',
  });
  capture.clear();
  sendSecret();
  telemetry.metric('keywatch.scan.pages', 1, { vault: 'kv-a' });
  const { undeliveredBatches } = await settled(telemetry);
  capture.setFault(undefined);
  expect(capture.envelopes.map(({ data }) => data.baseType)).toEqual(
    expect.arrayContaining(['ExceptionData', 'MetricData']),
  );
  expect(undeliveredBatches).toBe(before);
});

it('what the environment says of OpenTelemetry takes nothing away: every call arrives, by the name of the app', async () => {
  capture.clear();
  const call = { method: 'GET', url: 'https://api.example/', credentialId: 'grant/crm' } as const;
  for (let calls = 0; calls < 10; calls += 1)
    await telemetry.httpCall(
      call,
      async () => 200,
      (status) => status,
    );
  await settled(telemetry);
  const calls = capture.envelopes.filter(({ data }) => data.baseType === 'RemoteDependencyData');
  expect(calls.map(({ tags }) => tags['ai.cloud.role'])).toEqual(Array(10).fill('keywatch'));
});
