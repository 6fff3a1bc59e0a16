import type { Row } from 'kql-on-duckdb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { alertQuery, alertRules } from '../../src/lib/alerts/alertRules.ts';
import type { Envelope } from '../../src/local/telemetry/envelope.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { ALL_SCENARIOS } from './allScenarios.ts';
import { startEmitting } from './emitter.ts';
import type { Scenario } from './scenario.ts';
import { NOW } from './scenario.ts';

const { emit, take, close } = startEmitting();
const store = await telemetryStore();
emit.run('token-refresh', 0);
await take();
beforeEach(() => store.clear());
afterAll(async () => {
  store.close();
  await close();
});

const heartbeats: Scenario = {
  name: 'heartbeats',
  fires: {},
  happened: (t) => {
    t.scan('kv-quiet', 15);
    t.run('token-refresh', 5);
    t.run('credential-proof', 5);
  },
};

/** What a scenario sends, emitted once; as that of a deployment, which in Azure is the role's name too. */
const sent = new Map<Scenario, readonly Envelope[]>();
const sentBy = async (deployment: string, scenario: Scenario): Promise<Envelope[]> => {
  if (!sent.has(scenario)) {
    scenario.happened(emit);
    sent.set(scenario, await take());
  }
  return (sent.get(scenario) ?? []).map((envelope) => {
    const { baseType, baseData } = envelope.data;
    const properties = { ...baseData.properties, deployment };
    const tags = { ...envelope.tags, 'ai.cloud.role': deployment };
    return { ...envelope, tags, data: { baseType, baseData: { ...baseData, properties } } };
  });
};
const happens = async (deployment: string, scenario: Scenario, change = (sent: Envelope) => sent) => {
  const beats = scenario.silent === undefined ? await sentBy(deployment, heartbeats) : [];
  await store.insertEnvelopes([...(await sentBy(deployment, scenario)).map(change), ...beats]);
  await store.insertRows(scenario.signIns ?? []);
};

/** Whose credentials are used elsewhere: at one host those of every deployment are suspects, and rightly so. */
const elsewhere = (sent: Envelope): Envelope => {
  const { baseType, baseData } = sent.data;
  if (baseData.properties?.['targets'] === undefined) return sent;
  const properties = { ...baseData.properties, targets: 'api.elsewhere.example' };
  return { ...sent, data: { baseType, baseData: { ...baseData, properties } } };
};

/** The alerts of one rule, as the one that belongs to `own` evaluates it; empty: to nobody. */
const alertsOf = async (rule: string, own = ''): Promise<readonly Row[]> => {
  const kql = alertQuery(rule).replace('let OwnDeployment = "";', `let OwnDeployment = "${own}";`);
  const { dimensions = [] } = alertRules.find(({ name }) => name === rule) ?? {};
  return (await store.query(kql, NOW)).rows.map((row) =>
    Object.fromEntries(dimensions.map((dimension) => [dimension, row[dimension]])),
  );
};

const names = alertRules.map(({ name }) => name);
/** Not the one in which there is no telemetry at all: then nobody knows of any deployment. */
const firing = (rule: string) =>
  ALL_SCENARIOS.filter(({ fires, silent }) => fires[rule] !== undefined && silent === undefined);
const closeTo = (rule: string) => ALL_SCENARIOS.filter(({ spares = [] }) => spares.includes(rule));

/** Whom an alert is about. Calls are reported by the role that makes them. */
const deploymentOf = (row: Row) => ('AppRoleName' in row ? row['AppRoleName'] : row['Deployment']);

describe.each(names)('%s, in a workspace of two deployments', (rule) => {
  const pairs = firing(rule).map((scenario, index) => {
    const near = closeTo(rule);
    return [scenario.name, scenario, near[index % near.length] as Scenario] as const;
  });

  for (const [index, [name, fires, close]] of pairs.entries()) {
    const tags = index === 0 ? [] : ['exhaustive'];
    it(`reports prod, where dev only comes close: ${name}`, { tags }, async () => {
      await happens('prod', fires);
      await happens('dev', close, elsewhere);
      const alerts = await alertsOf(rule);
      expect([...new Set(alerts.map(deploymentOf))]).toEqual(['prod']);
      const expected = (fires.fires[rule] ?? []).map((alert) =>
        expect.objectContaining('AppRoleName' in alert ? { ...alert, AppRoleName: 'prod' } : alert),
      );
      expect(alerts).toEqual(expect.arrayContaining(expected));
      expect(alerts).toHaveLength(expected.length);
    });
  }

  for (const own of ['prod', 'dev']) {
    // To bind a rule for one of them takes long, and the digest seconds.
    const tags = own === 'dev' || rule === 'digest' ? ['exhaustive'] : [];
    it(`reports both when it happens in both, and the rule of ${own} reports its own`, { tags }, async () => {
      const [scenario] = firing(rule);
      if (scenario === undefined) throw new Error('nothing makes this rule fire');
      await happens('prod', scenario);
      await happens('dev', scenario);
      const all = await alertsOf(rule);
      expect(all.map(deploymentOf).sort()).toEqual(
        (scenario.fires[rule] ?? []).flatMap(() => ['dev', 'prod']).sort(),
      );
      // Everybody's calls are watched, whoever deployed the rule.
      if (all.some((row) => 'AppRoleName' in row)) return;
      expect(await alertsOf(rule, own)).toEqual(all.filter((row) => deploymentOf(row) === own));
    });
  }
});

describe('scan-missed, where dev lives on', () => {
  it.each([3, 20, 47])('names both jobs of prod, which ended %i hours ago', async (hours) => {
    await happens('dev', heartbeats);
    await happens('prod', {
      ...{ name: `ended ${hours}`, fires: {}, silent: true },
      happened: (t) => {
        t.scan('kv-prod', hours * 60);
        t.run('token-refresh', hours * 60);
        t.run('credential-proof', hours * 60);
      },
    });
    const jobs = ['keyvault-scan', 'token-refresh', 'credential-proof'].map((Job) => ({
      ...{ Deployment: 'prod', Job, Vault: '(all)' },
    }));
    const alerts = await alertsOf('scan-missed');
    expect(alerts).toHaveLength(jobs.length);
    expect(alerts).toEqual(expect.arrayContaining(jobs));
  });

  it('named by its own rule, a deployment that nobody has heard of for two days is not forgotten', async () => {
    await happens('dev', heartbeats);
    expect(await alertsOf('scan-missed')).toEqual([]);
    expect((await alertsOf('scan-missed', 'prod')).map(deploymentOf)).toEqual(['prod', 'prod', 'prod']);
  });
});
