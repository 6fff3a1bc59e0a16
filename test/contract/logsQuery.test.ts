import { describe, expect, it } from 'vitest';
import { logsQuery } from '../../src/lib/azure/logs/logsQuery.ts';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { manualLimits } from '../fakes/manualLimits.ts';
import { impatientClock } from '../fakes/startInventory.ts';
import { type JsonApiAnswer, startJsonApi } from '../fakes/startJsonApi.ts';

const WORKSPACE = '11111111-2222-4333-8444-555555555555';
const token = { token: 'logs-token', expiresOnTimestamp: Number.MAX_SAFE_INTEGER };

/** A result as the API gives it. */
const table = (columns: Readonly<Record<string, string>>, ...rows: readonly unknown[][]) => ({
  tables: [
    {
      name: 'PrimaryResult',
      columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
      rows,
    },
  ],
});

/** An error as the API gives it: each code and message nested in the one before. */
const refusal = (...[first, ...nested]: readonly (readonly [string, string])[]): object => ({
  error: nestedError(first ?? ['', ''], nested),
});

const nestedError = (
  [code, message]: readonly [string, string],
  [next, ...rest]: readonly (readonly [string, string])[],
): object => ({ code, message, ...(next === undefined ? {} : { innererror: nestedError(next, rest) }) });

const runOver = async (...answers: JsonApiAnswer[]) => {
  const { endpoint, requests } = await startJsonApi(answers);
  const { clock, sleptMs } = impatientClock();
  const scopes: unknown[] = [];
  const getToken = async (scope: unknown) => {
    scopes.push(scope);
    return token;
  };
  const logs = logsQuery({
    ...{ workspaceId: WORKSPACE, credential: { getToken }, clock, endpoint, allowLoopback: true },
    random: () => 0,
  });
  return { answer: await logs.run('AppEvents | count', 'P2D'), requests, sleptMs, scopes };
};

const failureOf = async (...answers: JsonApiAnswer[]) => {
  const { answer, requests } = await runOver(...answers);
  if (answer.ok) throw new Error('it was answered');
  return { ...answer, asked: requests.length };
};

const semantic = refusal(
  ['BadArgumentError', 'The request had some invalid properties'],
  ['SemanticError', 'A semantic error occurred.'],
  ['SEM0100', "Failed to resolve table expression named 'AppEvents'\u001b[31m"],
);

/** @see https://github.com/grafana/grafana/issues/89818 */
const basicPlan = refusal(
  ['BadArgumentError', 'The request had some invalid properties'],
  ['UnsupportedApiQueryValidationError', "Query of Basic Logs table is not supported with the API '/query'."],
);

describe('the Logs query API', () => {
  it('is asked with query, time span and a token for it', async () => {
    const { requests, scopes } = await runOver({ body: table({ Count: 'long' }, [3]) });
    expect(scopes).toEqual(['https://api.loganalytics.io/.default']);
    expect(requests).toEqual([
      {
        method: 'POST',
        url: `/v1/workspaces/${WORKSPACE}/query`,
        authorization: 'Bearer logs-token',
        body: { query: 'AppEvents | count', timespan: 'P2D' },
      },
    ]);
  });

  it('gives rows by column: instants as epoch milliseconds, dynamic values parsed, null as null', async () => {
    const columns = { T: 'datetime', S: 'string', D: 'dynamic', N: 'long', E: 'datetime' };
    const row = ['2026-11-22T12:00:00.1234567Z', '["x"]', '["kv/secret/a"]', 7, null];
    const { answer } = await runOver({ body: table(columns, row) });
    expect(answer).toEqual({
      ok: true,
      columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
      rows: [{ T: Date.parse('2026-11-22T12:00:00.123Z'), S: '["x"]', D: ['kv/secret/a'], N: 7, E: null }],
    });
  });

  it.each([
    ['forbidden', 403, refusal(['InsufficientAccessError', 'no']), /Log Analytics Reader/, true],
    ['unauthorized', 403, refusal(['InvalidAuthenticationTokenTenant', 'no']), /az login/, true],
    ['unauthorized', 401, refusal(['AuthenticationFailed', 'no']), /az login/, true],
    ['not_found', 404, refusal(['PathNotFoundError', 'no']), /customerId/, true],
    ['table_absent', 400, semantic, /Application Insights/, false],
    ['invalid_query', 400, basicPlan, /plan Analytics/, false],
    ['malformed_answer', 200, 'no JSON', /changes answers/, false],
    ['malformed_answer', 200, { tables: [{ columns: [{ name: 'a' }], rows: [] }] }, /changes/, false],
    ['malformed_answer', 302, 'elsewhere', /changes answers/, false],
  ] as const)('says %s for HTTP %i at once, and what to do', async (reason, status, body, action, all) => {
    const headers = { location: 'http://127.0.0.1:9/' };
    const failure = await failureOf({ status, body, headers });
    expect(failure).toMatchObject({ code: reason, concernsAll: all, asked: 1 });
    expect(failure.action).toMatch(action);
  });

  it('shows what the service says of a query, made safe to show', async () => {
    const { message } = await failureOf({ status: 400, body: semantic });
    expect(message).toContain("Failed to resolve table expression named 'AppEvents'\\u{1b}[31m");
  });

  it('waits as long as it is reported when throttled, and gives up after four times', async () => {
    const throttled = { status: 429, body: '', headers: { 'retry-after': '7' } };
    const { answer, sleptMs } = await runOver(throttled, { body: table({ a: 'long' }) });
    expect([answer.ok, sleptMs]).toEqual([true, [7_000]]);
    const failure = await failureOf(throttled);
    expect(failure).toMatchObject({ code: 'throttled', asked: 4, concernsAll: true });
    expect(failure.message).toContain('for 7 s');
  });

  it.each([
    ['timeout', { status: 504, body: refusal(['GatewayTimeout', 'no']) }],
    ['server_error', { status: 503, body: '' }],
    ['connection', {}],
  ] as const)('says %s when that is how it ends after retries', async (reason, answer) => {
    expect(await failureOf(answer)).toMatchObject({ code: reason, asked: 4 });
  });

  it('says timeout when no answer comes, not even after retries', async () => {
    const pass = manualLimits();
    const hangs = () => pass(MINUTE_MS);
    expect(await failureOf({ hangs })).toMatchObject({ code: 'timeout', asked: 4 });
  });

  const tooLarge = {
    code: 'PartialError',
    message: 'There were some errors when processing your query.',
    details: [
      {
        code: 'EngineError',
        message: 'Something went wrong processing your query on the server.',
        innererror: { code: '-2133196797', message: 'The results of this query exceed the set limit.' },
      },
    ],
  };

  it('says that rows are missing when a limit was reached', async () => {
    const { answer } = await runOver({ body: { ...table({ a: 'long' }, [1]), error: tooLarge } });
    expect(answer).toMatchObject({ ok: true, rows: [{ a: 1 }] });
    expect(answer.ok && answer.incomplete).toMatch(/larger than the service gives .*exceed the set limit/);
  });

  it('does not take a partial answer without rows for "nothing found"', async () => {
    const error = { code: 'PartialError', message: 'a shard is away' };
    const failure = await failureOf({ body: { ...table({ a: 'long' }), error } });
    expect(failure).toMatchObject({ code: 'partial', concernsAll: false });
    expect(failure.message).toContain('a shard is away');
  });

  it('is not asked for a workspace by name, nor without TLS beyond this machine', () => {
    const { clock } = impatientClock();
    const base = { workspaceId: WORKSPACE, credential: { getToken: async () => token }, clock };
    expect(() => logsQuery({ ...base, workspaceId: '../../x' })).toThrow('GUID');
    expect(() => logsQuery({ ...base, endpoint: 'http://example.com', allowLoopback: true })).toThrow(
      'encrypted',
    );
    expect(() => logsQuery({ ...base, endpoint: 'http://127.0.0.1:1' })).toThrow('encrypted');
  });

  it('ends with whoever asks', async () => {
    const { endpoint } = await startJsonApi([{ body: table({ Count: 'long' }, [3]) }]);
    const { clock } = impatientClock();
    const credential = { getToken: async () => token };
    const logs = logsQuery({ workspaceId: WORKSPACE, credential, clock, endpoint, allowLoopback: true });
    expect(await logs.run('AppEvents | count', 'P2D', AbortSignal.abort())).toMatchObject({
      code: 'timeout',
    });
  });

  it('says in words that there is no login', async () => {
    const { clock } = impatientClock();
    const logs = logsQuery({ workspaceId: WORKSPACE, credential: { getToken: async () => null }, clock });
    const answer = await logs.run('x', 'P1D');
    expect(answer).toMatchObject({ ok: false, code: 'unauthorized', concernsAll: true });
  });
});
