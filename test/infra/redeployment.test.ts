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

const balanced = (depth: number): string =>
  depth === 0 ? '[^()]*' : `(?:[^()]|\\(${balanced(depth - 1)}\\))*`;
const LOWERED = new RegExp(`toLower\\(${balanced(4)}\\)`, 'g');
const NAMED_BY_PEOPLE =
  /(?:guid|uniqueString)\(.*(?:\)\.id\b|\{(?:vault|workspace|functionApp)(?:Name|Id)\}|\.resourceId\b|\('component'\))/;

const namesOf = (wanted: string): string[] =>
  resourcesOf(template)
    .filter(({ type }) => type === wanted)
    .map(({ body, template: within }) => expression(body.name, within));

describe('a second deployment', () => {
  it('gives no deployment a name of more than the 64 characters that Azure takes', () => {
    const names = modulesOf(template).map(({ module, symbol, body, template: within }) => ({
      module: `${module}/${symbol}`,
      length: longest(expression(body.name, within)),
    }));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(({ length }) => length > 64)).toEqual([]);
  });

  it('finds what the first made, in whatever case a vault, a group, a workspace or a component is named', () => {
    const assigned = namesOf('Microsoft.Authorization/roleAssignments');
    for (const name of assigned) expect(name).toMatch(/^guid\(/);
    const suffixes = modulesOf(template).map(({ body, template: within }) =>
      expression(body.properties.parameters.nameSuffix?.value ?? '', within),
    );
    const names = [
      ...assigned,
      ...namesOf('Microsoft.Insights/diagnosticSettings'),
      ...namesOf('Microsoft.Insights/workbooks'),
      ...namesOf('Microsoft.EventGrid/systemTopics/eventSubscriptions'),
      ...suffixes,
    ].map((name) => name.replace(LOWERED, 'lowered'));
    expect(names.filter((name) => name.includes('lowered')).length).toBeGreaterThan(assigned.length);
    for (const name of names) expect(name).not.toMatch(NAMED_BY_PEOPLE);
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
