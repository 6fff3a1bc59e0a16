import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  argumentsOf,
  expression,
  modulesOf,
  ROOT,
  resourcesOf,
  type Template,
  templateText,
} from './template.ts';

const template: Template = JSON.parse(templateText());

/** The most characters that a hole in the name of a deployment can bring. */
const LONGEST: readonly (readonly [RegExp, number])[] = [
  [/^uniqueString\(/, 13],
  [/^\{nameSuffix\}$|\.nameSuffix$/, 13],
  // In main.bicep: "keywatch", unless the deployment is refused.
  [/fail\(/, 'keywatch'.length],
  [
    /^createArray\('blob', 'queue', 'table'\)\[copyIndex\(\)\]$|^\["blob","queue","table"\]\[copyIndex\(\)\]$/,
    5,
  ],
];

const longest = (name: string): number => {
  if (!name.startsWith('format(')) return /[({]/.test(name) ? Number.POSITIVE_INFINITY : name.length;
  const [text = '', ...holes] = argumentsOf(name);
  const most = holes.map((hole) => LONGEST.find(([is]) => is.test(hole))?.[1] ?? Number.POSITIVE_INFINITY);
  return most.reduce((sum, length) => sum + length, text.replace(/\{\d\}/g, '').length - 2);
};

describe('a second deployment', () => {
  it('gives no deployment a name of more than the 64 characters that Azure takes', () => {
    const names = modulesOf(template).map(({ module, symbol, body, template: within }) => ({
      module: `${module}/${symbol}`,
      length: longest(expression(body.name, within)),
    }));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(({ length }) => length > 64)).toEqual([]);
  });

  it('finds the assignments of the first, in whatever case a vault is named', () => {
    const assignments = resourcesOf(template).filter(
      ({ type }) => type === 'Microsoft.Authorization/roleAssignments',
    );
    const names = assignments.map(({ body, template: within }) => expression(body.name, within));
    for (const name of names) expect(name).toMatch(/^guid\(/);
    const parts = names.flatMap(argumentsOf);
    expect(parts).toContain('toLower({vaultName})');
    expect(parts).not.toContain('{vaultName}');
  });
});

describe('the guide to deployment', () => {
  it('copies a sample to where the path of its template still leads', () => {
    const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const [, from = '', to = ''] = /^cp (\S+) (\S+\.bicepparam)/m.exec(guide) ?? [];
    const [, using = ''] = /^using '(.+)'$/m.exec(readFileSync(join(ROOT, from), 'utf8')) ?? [];
    expect(join(ROOT, to, '..', using)).toBe(join(ROOT, 'infra/main.bicep'));
  });

  it('registers the provider of every resource, and the one that Flex Consumption asks for', () => {
    const guide = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
    const [, list = ''] = /for rp in ([^;]+);/.exec(guide) ?? [];
    const made = resourcesOf(template).map(({ type }) => type.split('/')[0]);
    // Never to be registered: these are there from the beginning.
    const there = ['Microsoft.Authorization', 'Microsoft.Resources'];
    const needed = new Set(['Microsoft.App', ...made].filter((each) => !there.includes(each ?? '')));
    expect(list.split(' ').sort()).toEqual([...needed].sort());
  });
});
