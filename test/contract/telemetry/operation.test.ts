import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inOperation } from '../../../src/lib/telemetry/operation.ts';
import { loadFunctionApp } from '../../../src/local/functionsHost/functionApp.ts';
import { startCapturedTelemetry } from '../../fakes/captureTelemetry.ts';

const { telemetry, take } = startCapturedTelemetry();
afterAll(() => telemetry.close(5_000));

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const REQUESTED = { job: 'keyvault-scan', vault: 'kv', runId: 'run', mode: 'attention' } as const;

const reportEachKind = async () => {
  telemetry.event('keywatch.run.requested', REQUESTED);
  telemetry.failure({ ok: false, code: 'x', retryable: true, message: 'm', action: 'a' });
  await telemetry.httpCall(
    { method: 'POST', url: 'https://login.example/token', credentialId: 'grant/crm' },
    async () => 401,
    Number,
  );
};
const operationsTaken = async () =>
  (await take()).map(({ data, tags }) => [
    data.baseType,
    tags['ai.operation.id'] === TRACE,
    tags['ai.operation.parentId'] === SPAN,
  ]);

describe('what is reported during an invocation', () => {
  it.each(['00', '01'])(
    'has its operation id, whether the host samples it or not (flags %s)',
    async (flags) => {
      await inOperation(`00-${TRACE}-${SPAN}-${flags}`, reportEachKind);
      expect((await operationsTaken()).sort()).toEqual([
        ['EventData', true, true],
        ['ExceptionData', true, true],
        ['RemoteDependencyData', true, true],
      ]);
    },
  );

  it('keeps it where it had to wait for the SDK, and others run meanwhile', async () => {
    const running = inOperation(`00-${TRACE}-${SPAN}-01`, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      telemetry.event('keywatch.run.requested', REQUESTED);
    });
    inOperation(`00-${'1'.repeat(32)}-${SPAN}-01`, () =>
      telemetry.event('keywatch.run.requested', REQUESTED),
    );
    await running;
    expect((await operationsTaken()).map(([, isOurs]) => isOurs).sort()).toEqual([false, true]);
  });

  it.each([
    undefined,
    null,
    '',
    'rubbish',
    `00-${TRACE}`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  ])('has none where the host names none (%j)', async (traceParent) => {
    await inOperation(traceParent, reportEachKind);
    const operations = await operationsTaken();
    expect(operations).toHaveLength(3);
    expect(operations.filter(([, isOurs]) => isOurs)).toEqual([]);
  });
});

describe('the hook before each invocation', () => {
  let preInvocation: ((context: Record<string, unknown>) => unknown) | undefined;
  beforeAll(async () => {
    // The hook alone registers no function, and an app that registers nothing is refused.
    const app = await loadFunctionApp(async () => {
      await import('../../../src/functions/health.ts');
      await import('../../../src/functions/joinOperation.ts');
    });
    [preInvocation] = app.hooks('preInvocation');
  });

  it('lets the function run within the trace that the host gave', async () => {
    const invocationContext = { traceContext: { traceParent: `00-${TRACE}-${SPAN}-01` } };
    const context: Record<string, unknown> = { invocationContext, functionCallback: reportEachKind };
    preInvocation?.(context);
    await (context['functionCallback'] as (...given: unknown[]) => unknown)({}, invocationContext);
    expect(await operationsTaken()).toContainEqual(['EventData', true, true]);
  });
});
