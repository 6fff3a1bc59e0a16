import { afterAll, describe, expect, it } from 'vitest';
import { catalog, type EventName, type MetricName } from '../../../src/lib/telemetry/catalog.ts';
import { callRecord, failureRecord } from '../../../src/lib/telemetry/records.ts';
import { CAPTURED_DEPLOYMENT, startCapturedTelemetry } from '../../fakes/captureTelemetry.ts';
import { asProperties, sampleAttributes } from '../../fakes/catalogSamples.ts';
import { manualClock } from '../../fakes/manualClock.ts';

const clock = manualClock(Date.parse('2026-11-22T12:00:00Z'));
const captured = startCapturedTelemetry({ clock });
const { telemetry, take } = captured;
const common = { deployment: CAPTURED_DEPLOYMENT };

afterAll(() => telemetry.close(5_000));

const eventNames = Object.keys(catalog.events) as EventName[];
const metricNames = Object.keys(catalog.metrics) as MetricName[];

describe('events', () => {
  for (const name of eventNames) {
    for (const optional of [true, false]) {
      it(`${name} arrives with exactly its ${optional ? 'attributes' : 'required attributes'}`, async () => {
        const definitions = catalog.events[name].attributes;
        const values = sampleAttributes(definitions, { optional });
        telemetry.event(name, values as never);
        const [envelope, ...rest] = await take();
        expect(rest).toEqual([]);
        expect(envelope?.data.baseType).toBe('EventData');
        expect(envelope?.data.baseData.name).toBe(name);
        expect(envelope?.data.baseData.properties).toEqual({
          ...asProperties(definitions, values),
          ...common,
        });
        expect(envelope?.sampleRate).toBe(100);
        expect(envelope?.tags['ai.cloud.role']).toBe('keywatch');
        expect(envelope?.time).toBe('2026-11-22T12:00:00.000Z');
      });
    }
  }

  it('leaves out what the catalog does not define, and instants that no calendar has', async () => {
    const values = sampleAttributes(catalog.events['keywatch.credential.observed'].attributes, {
      optional: true,
    });
    telemetry.event('keywatch.credential.observed', {
      ...values,
      expiresOn: Number.NaN,
      value: 'x',
    } as never);
    const [envelope] = await take();
    expect(envelope?.data.baseData.properties).not.toHaveProperty('expiresOn');
    expect(envelope?.data.baseData.properties).not.toHaveProperty('value');
  });

  it('arrive all 6,000 when they are sent in one breath, though the SDK holds 2,048', async () => {
    const values = sampleAttributes(catalog.events['keywatch.finding.observed'].attributes, {
      optional: true,
    });
    for (let index = 0; index < 6_000; index += 1)
      telemetry.event('keywatch.finding.observed', {
        ...values,
        credentialId: `kv/secret/${index}`,
      } as never);
    const ids = (await take()).map(({ data }) => data.baseData.properties?.['credentialId']);
    expect(new Set(ids).size).toBe(6_000);
    expect(ids.length).toBe(6_000);
  });
});

describe('metrics', () => {
  for (const name of metricNames) {
    it(`${name} arrives on its own instrument with exactly its attributes`, async () => {
      const { attributes: definitions, instrument } = catalog.metrics[name];
      const values = sampleAttributes(definitions, { optional: true });
      telemetry.metric(name, 3, values as never);
      telemetry.metric(name, 5, values as never);
      const [envelope, ...rest] = await take();
      expect(rest).toEqual([]);
      const [point] = envelope?.data.baseData.metrics ?? [];
      expect(point).toMatchObject({ name, value: instrument === 'gauge' ? 5 : 8 });
      if (instrument === 'histogram') expect(point).toMatchObject({ count: 2, min: 3, max: 5 });
      expect(envelope?.data.baseData.properties).toEqual({ ...asProperties(definitions, values), ...common });
    });
  }

  it('tell zero from silence', async () => {
    telemetry.metric('keywatch.credentials', 0, { vault: 'kv-a', status: 'expired' });
    const [envelope] = await take();
    expect(envelope?.data.baseData.metrics?.[0]).toMatchObject({ value: 0, count: 1 });
  });
});

it('the deployment of a fact is always its own, whatever the fact says', async () => {
  telemetry.metric('keywatch.scan.pages', 1, { vault: 'kv-a', deployment: 'another' } as never);
  telemetry.event('keywatch.run.requested', { deployment: 'another', job: 'keyvault-scan' } as never);
  const facts = await take();
  expect(facts.map(({ data }) => data.baseData.properties?.['deployment'])).toEqual([
    CAPTURED_DEPLOYMENT,
    CAPTURED_DEPLOYMENT,
  ]);
});

describe('exceptions', () => {
  it('arrive with code, permanence, credential, owner and what to do', async () => {
    const cause = new Error('socket hang up', { cause: new TypeError('first cause') });
    telemetry.failure({
      ok: false,
      code: 'vault_forbidden',
      retryable: false,
      message: 'kv-a refuses to list its secrets',
      action: 'Give the identity Key Vault Reader.',
      subject: { credentialId: 'kv-a/secret/crm', vault: 'kv-a', owner: 'team-crm', runbook: undefined },
      cause,
    });
    const [envelope] = await take();
    expect(envelope?.data.baseType).toBe('ExceptionData');
    expect(envelope?.data.baseData.severityLevel).toBe('Error');
    expect(envelope?.data.baseData.properties).toEqual({
      ...common,
      code: 'vault_forbidden',
      permanence: 'permanent',
      action: 'Give the identity Key Vault Reader.',
      credentialId: 'kv-a/secret/crm',
      vault: 'kv-a',
      owner: 'team-crm',
    });
    const withRunbook = Object.keys({ ...envelope?.data.baseData.properties, runbook: '' }).sort();
    const defined = { ...failureRecord.attributes, ...catalog.common };
    expect(withRunbook).toEqual(Object.keys(defined).sort());
    const [exception] = envelope?.data.baseData.exceptions ?? [];
    expect(exception).toMatchObject({
      typeName: 'vault_forbidden',
      message: 'kv-a refuses to list its secrets',
    });
    expect(exception?.stack).toContain('socket hang up');
    expect(exception?.stack).toContain('first cause');
  });
});

describe('calls', () => {
  const call = {
    method: 'POST',
    url: 'https://login.example.com/oauth2/token?code=x#y',
    credentialId: 'grant/crm',
  } as const;

  it('arrive as dependencies with the status that was answered', async () => {
    await telemetry.httpCall(
      call,
      async () => {
        await clock.advance(250);
        return { status: 401 };
      },
      ({ status }) => status,
    );
    const [envelope] = await take();
    expect(envelope?.data.baseType).toBe('RemoteDependencyData');
    expect(envelope?.data.baseData).toMatchObject({
      resultCode: '401',
      success: false,
      type: 'Http',
      target: 'login.example.com',
      data: 'https://login.example.com/oauth2/token',
      name: 'POST /oauth2/token',
      duration: '00:00:00.250',
      properties: { 'keywatch.credential_id': 'grant/crm', ...common },
    });
    expect(Object.keys(callRecord.attributes)).toEqual(['keywatch.credential_id']);
  });

  it('name the host alone as target, and the port in the address', async () => {
    await telemetry.httpCall({ ...call, url: 'http://127.0.0.1:8443/token' }, async () => 200, Number);
    const [envelope] = await take();
    expect(envelope?.data.baseData).toMatchObject({
      target: '127.0.0.1',
      data: 'http://127.0.0.1:8443/token',
      resultCode: '200',
      success: true,
    });
  });

  it('are recorded as failed without a status when no answer came, and reject as they did', async () => {
    const refused = new Error('ECONNREFUSED');
    const running = telemetry.httpCall(
      call,
      () => Promise.reject(refused),
      () => 200,
    );
    await expect(running).rejects.toBe(refused);
    const [envelope] = await take();
    expect(envelope?.data.baseData).toMatchObject({ resultCode: '0', success: false });
  });

  it('all arrive from a burst of 3,000', async () => {
    for (let index = 0; index < 3_000; index += 1) await telemetry.httpCall(call, async () => 200, Number);
    expect((await take()).length).toBe(3_000);
  });
});
