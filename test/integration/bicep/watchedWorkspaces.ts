import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BicepCompiler, Predicted } from '../../../scripts/bicep/bicepCompiler.ts';
import { findBicep } from '../../../scripts/bicep/findBicep.ts';
import { linesOf, type Params } from './params.ts';
import { OTHERS, ofType, startDeployments, withoutSuffix } from './predictions.ts';
import { sharedCompiler } from './sharedCompiler.ts';

const bicep = findBicep(process.env);
const MODULE = join(import.meta.dirname, '../../../infra/modules/workspaceRules.bicep');
const WORKSPACE = `${OTHERS}/Microsoft.OperationalInsights/workspaces/log-others`;

const rulesIn = (resources: readonly Predicted[]) =>
  ofType(resources, 'Microsoft.Insights/scheduledQueryRules');

describe.skipIf(bicep === undefined)('the 401s of a workspace are watched once', () => {
  const deploy = startDeployments(bicep ?? '');
  let compiler: BicepCompiler;
  let folder = '';
  let template = '';
  beforeAll(async () => {
    compiler = await sharedCompiler(bicep ?? '');
    folder = await mkdtemp(join(tmpdir(), 'keywatch-watched-'));
    template = join(folder, 'rules.json');
    await writeFile(template, (await compiler.compile(MODULE)).contents ?? '');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const rulesBeside = async (given: Params) => {
    const common = {
      ...{ tags: {}, identityId: `${OTHERS}/identity`, principalId: '11111111-1111-1111-1111-111111111111' },
      ...{ assignLogReader: false, checkWorkspaceAlertsStorageConfigured: false, options: {} },
      ...{
        urgentActionGroupIds: ['a'],
        routineActionGroupIds: ['a'],
        runbookBaseUrl: '',
        functionAppName: 'f',
      },
    };
    const usual = { workspaceId: WORKSPACE, location: 'westeurope', nameSuffix: 'abcde', common };
    return rulesIn(await compiler.predict(template, linesOf({ ...usual, ...given }))).length;
  };

  it('where it has rules of this deployment, in whatever case it is written, none are made', async () => {
    expect(await rulesBeside({})).toBeGreaterThan(10);
    expect(await rulesBeside({ idsWithRules: [`${WORKSPACE}-2`], idsOfEarlier: [] })).toBeGreaterThan(10);
    expect(await rulesBeside({ idsWithRules: [WORKSPACE.toLowerCase()] })).toBe(0);
    expect(await rulesBeside({ idsOfEarlier: [`${WORKSPACE}-2`, WORKSPACE.toUpperCase()] })).toBe(0);
  });

  it('though two components may share it, with each other, with Keywatch or with a watched one', async () => {
    const resources = await deploy({
      watchedComponents: [{ name: 'appi-orders' }, { name: 'appi-shop' }],
      watchedWorkspaces: [{ resourceId: WORKSPACE, location: 'westeurope' }],
    });
    const conditions = rulesIn(resources)
      .filter(({ name }) => withoutSuffix(name) === 'keywatch-requests-401-spike')
      .map(({ condition = 'always' }) => condition);
    const [own, watched, ofOrders = '', ofShop = ''] = conditions.toSorted((a, b) => a.length - b.length);
    expect([own, watched, conditions.length]).toEqual(['always', 'always', 4]);
    for (const condition of [ofOrders, ofShop]) {
      expect(condition).toMatch(/^\[not\(contains\(/);
      expect(condition).toContain('/log-keywatch-');
      expect(condition).toContain(WORKSPACE.toLowerCase());
    }
    expect([ofOrders, ofShop].map((text) => text.includes('appi-orders'))).toEqual([true, true]);
    expect([ofOrders, ofShop].map((text) => text.includes('appi-shop'))).toEqual([false, true]);
  });
});
