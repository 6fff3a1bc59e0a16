import { describe, expect, it } from 'vitest';
import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import { evaluation } from './bicep/evaluate.ts';
import { infraTexts } from './bicep/infraTexts.ts';
import { readProject } from './bicep/project.ts';

const texts = infraTexts();

describe('the alert rules in Bicep', () => {
  it('put each setting where the file of settings has its default', () => {
    const file = readProject(texts).files.find(({ path }) => path === 'infra/modules/alerts.bicep');
    if (file === undefined) throw new Error('alerts.bicep cannot be read');
    const settings = texts.get('infra/kql/settings.kql') ?? '';
    const usual = evaluation(file, { options: {}, functionAppName: '' });
    for (const name of ['deploymentSetting', 'rolesSetting'])
      expect(settings).toContain(`let ${usual(name)};`);
    const options = { watchedRoles: ['shop', 'crm'] };
    const chosen = evaluation(file, { options, functionAppName: 'func-Keywatch-A' });
    expect(chosen('deploymentSetting')).toBe('OwnDeployment = "func-keywatch-a"');
    expect(chosen('rolesSetting')).toBe('WatchedRoles = dynamic(["shop","crm"])');
  });

  it('switch on by an option nothing but the rule of what warns, whatever a rule.json switches off', () => {
    const path = 'infra/modules/alerts.bicep';
    const file = readProject(texts).files.find((one) => one.path === path);
    if (file === undefined) throw new Error('alerts.bicep cannot be read');
    const switchedOn = (options: object) => evaluation(file, { options, functionAppName: '' })('switchedOn');
    expect(switchedOn({})).toEqual([]);
    expect(switchedOn({ alertPerWarning: false })).toEqual([]);
    expect(switchedOn({ alertPerWarning: true })).toEqual(['credential-expiring']);
    const enabled = (texts.get(path) ?? '').split('\n').filter((line) => /^\s+enabled:/.test(line));
    expect(enabled.map((line) => line.trim())).toEqual([
      'enabled: rule.settings.enabled || contains(switchedOn, rule.name)',
    ]);
  });

  it('watch the 401s of others with rules that exist', () => {
    const telling = readProject(texts).files.find(({ path }) => path === 'infra/modules/telling.bicep');
    const chosen = telling?.variables.find(({ name }) => name === 'unauthorizedRules')?.value;
    const items = chosen?.kind === 'array' ? chosen.items : [];
    expect(items).toHaveLength(2);
    const names = alertRules.map(({ name }) => name);
    for (const item of items) expect(names).toContain(item.kind === 'literal' ? item.value : '');
  });
});
