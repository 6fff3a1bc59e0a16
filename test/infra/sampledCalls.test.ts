import type { TableRow } from 'kql-on-duckdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { alertQuery } from '../../src/lib/alerts/alertRules.ts';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { day, NOW } from './scenario.ts';

const store = await telemetryStore();
beforeEach(() => store.clear());
afterAll(() => store.close());

/** An application keeps one item of so many, and each stands for as many. */
const KEPT_ONE_OF = 50;
const QUARTER = 15;

type Answers = readonly (200 | 401)[];

/** Rows of a quarter of an hour, `minutesAgo` at its end. */
const quarter = (values: object, minutesAgo: number, answers: Answers): TableRow[] =>
  answers.map((status, index) => ({
    table: 'Target' in values ? 'AppDependencies' : 'AppRequests',
    values: {
      ...{ TimeGenerated: NOW - (minutesAgo + index / 60) * MINUTE_MS, AppRoleName: 'shop' },
      ...{ ItemCount: KEPT_ONE_OF, ResultCode: `${status}`, ...values },
    },
  }));

const some = (status: 200 | 401, count: number): Answers => Array<200 | 401>(count).fill(status);

describe.each([
  ['dependencies-401-spike', { Target: 'api.example.com', DependencyType: 'Http' }],
  ['requests-401-spike', { OperationName: 'GET /orders' }],
] as const)('%s, of an application that samples', (rule, values) => {
  const fires = async (before: Answers, now: Answers): Promise<boolean> => {
    const rows = quarter(values, 1, now);
    for (let ago = QUARTER + 1; ago < 2 * day - QUARTER; ago += QUARTER)
      rows.push(...quarter(values, ago, before));
    await store.insertRows(rows);
    return (await store.query(alertQuery(rule), NOW)).rows.length > 0;
  };

  it('makes no spike of the one refusal that was kept, or of two', async () => {
    const usual = some(200, 5);
    expect(await fires(usual, [401, ...some(200, 4)])).toBe(false);
    await store.clear();
    expect(await fires(usual, [401, 401, ...some(200, 3)])).toBe(false);
  });

  it('makes no spike of what chance makes of few rows', async () => {
    expect(await fires([401, ...some(200, 5)], [...some(401, 3), ...some(200, 3)])).toBe(false);
  });

  it('is not misled where everything is refused', async () => {
    expect(await fires(some(200, 5), some(401, 3))).toBe(true);
  });
});
