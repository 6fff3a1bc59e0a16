import { describe, expect, it } from 'vitest';
import { evaluation } from './bicep/evaluate.ts';
import { infraTexts } from './bicep/infraTexts.ts';
import { readProject } from './bicep/project.ts';
import { walk } from './bicep/walk.ts';

const texts = infraTexts();

describe('the alert rules in Bicep', () => {
  const { rules } = JSON.parse(texts.get('infra/alerts/rules.json') ?? '{}');
  const names: string[] = rules.map(({ name }: { name: string }) => name).sort();

  it('load for each rule the query of its own name', () => {
    const file = readProject(texts).files.find(({ path }) => path === 'infra/modules/alerts.bicep');
    const table = file?.variables.find(({ name }) => name === 'queries')?.value;
    const entries = table?.kind === 'object' ? table.properties : [];
    expect(entries.map(({ name }) => name).sort()).toEqual(names);
    for (const { name, value } of entries) {
      const path = value.kind === 'call' && value.args[0]?.kind === 'literal' ? value.args[0].value : '';
      expect(path).toBe(`../alerts/${name}.kql`);
    }
  });

  it('begin with the heads that the rules name, each loaded from the file of its name', () => {
    const file = readProject(texts).files.find(({ path }) => path === 'infra/modules/alerts.bicep');
    const table = file?.variables.find(({ name }) => name === 'heads')?.value;
    const entries = table?.kind === 'object' ? table.properties : [];
    const used = new Set<string>(rules.flatMap(({ heads }: { heads: string[] }) => heads));
    expect(entries.map(({ name }) => name).sort()).toEqual([...used].sort());
    for (const { name, value } of entries) {
      const loaded: string[] = [];
      walk(value, (expression) => {
        const [path] =
          expression.kind === 'call' && expression.name === 'loadTextContent' ? expression.args : [];
        if (path?.kind === 'literal') loaded.push(String(path.value));
      });
      expect(loaded).toEqual([`../alerts/heads/${name}.kql`]);
    }
  });

  it('put each setting where the file of settings has its default', () => {
    const file = readProject(texts).files.find(({ path }) => path === 'infra/modules/alerts.bicep');
    if (file === undefined) throw new Error('alerts.bicep cannot be read');
    const settings = texts.get('infra/alerts/heads/settings.kql') ?? '';
    const usual = evaluation(file, { options: {}, functionAppName: '' });
    for (const name of ['deploymentSetting', 'rolesSetting'])
      expect(settings).toContain(`let ${usual(name)};`);
    const options = { watchedRoles: ['shop', 'crm'] };
    const chosen = evaluation(file, { options, functionAppName: 'func-Keywatch-A' });
    expect(chosen('deploymentSetting')).toBe('OwnDeployment = "func-keywatch-a"');
    expect(chosen('rolesSetting')).toBe('WatchedRoles = dynamic(["shop","crm"])');
  });

  it('switch on by an option nothing but the rule of what warns, whatever rules.json switches off', () => {
    const path = 'infra/modules/alerts.bicep';
    const file = readProject(texts).files.find((one) => one.path === path);
    if (file === undefined) throw new Error('alerts.bicep cannot be read');
    const switchedOn = (options: object) => evaluation(file, { options, functionAppName: '' })('switchedOn');
    expect(switchedOn({})).toEqual([]);
    expect(switchedOn({ alertPerWarning: false })).toEqual([]);
    expect(switchedOn({ alertPerWarning: true })).toEqual(['credential-expiring']);
    const enabled = (texts.get(path) ?? '').split('\n').filter((line) => /^\s+enabled:/.test(line));
    expect(enabled.map((line) => line.trim())).toEqual([
      'enabled: rule.enabled || contains(switchedOn, rule.name)',
    ]);
  });

  it('leave no query without a rule', () => {
    const queries = [...texts.keys()].flatMap(
      (path) => /^infra\/alerts\/([^/]+)\.kql$/.exec(path)?.[1] ?? [],
    );
    expect(queries.sort()).toEqual(names);
  });

  it('watch the 401s of others with rules that exist', () => {
    const telling = readProject(texts).files.find(({ path }) => path === 'infra/modules/telling.bicep');
    const chosen = telling?.variables.find(({ name }) => name === 'unauthorizedRules')?.value;
    const items = chosen?.kind === 'array' ? chosen.items : [];
    expect(items).toHaveLength(2);
    for (const item of items) expect(names).toContain(item.kind === 'literal' ? item.value : '');
  });
});
