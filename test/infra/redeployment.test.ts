import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { infraTexts, ROOT } from './bicep/infraTexts.ts';
import type { Expression } from './bicep/model.ts';
import { fullType, readProject } from './bicep/project.ts';

const { files } = readProject(infraTexts());
const nameOf = ({ body }: { body: Extract<Expression, { kind: 'object' }> }): Expression | undefined =>
  body.properties.find(({ name }) => name === 'name')?.value;

/** The most characters that a hole in the name of a deployment can bring. */
const LONGEST: Readonly<Record<string, number>> = {
  prefix: 'keywatch'.length,
  service: 'queue'.length,
  nameSuffix: 13,
  deploymentName: 'keywatch-reads-'.length + 13,
  ruleName: 'keywatch-maintenance-'.length + 13,
};

const longest = (part: Expression | undefined): number => {
  switch (part?.kind) {
    case 'literal':
      return String(part.value).length;
    case 'interpolated':
      return part.parts.reduce((sum, each) => sum + longest(each), 0);
    case 'name':
      return LONGEST[part.name] ?? Number.POSITIVE_INFINITY;
    case 'call':
      return part.name === 'uniqueString' ? 13 : Number.POSITIVE_INFINITY;
  }
  return Number.POSITIVE_INFINITY;
};

describe('a second deployment', () => {
  it('gives no deployment a name of more than the 64 characters that Azure takes', () => {
    const names = files.flatMap(({ path, modules }) =>
      modules.map((module) => ({ module: `${path} ${module.name}`, length: longest(nameOf(module)) })),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter(({ length }) => length > 64)).toEqual([]);
  });

  it('finds the assignments of the first, in whatever case a vault is named', () => {
    const assignments = files
      .flatMap(({ resources }) => resources)
      .filter((resource) => fullType(resource).type === 'Microsoft.Authorization/roleAssignments');
    const parts = assignments.flatMap((assignment) => {
      const name = nameOf(assignment);
      return name?.kind === 'call' && name.name === 'guid' ? [name.args] : [];
    });
    expect(parts).toHaveLength(assignments.length);
    const names = parts.flat().flatMap((part) => (part.kind === 'name' ? [part.name] : []));
    expect(names).toContain('vaultKey');
    expect(names).not.toContain('vaultName');
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
    const made = files.flatMap(({ resources }) =>
      resources.filter(({ existing }) => !existing).map((resource) => fullType(resource).type.split('/')[0]),
    );
    // Never to be registered: it is there from the beginning.
    const needed = new Set(['Microsoft.App', ...made].filter((each) => each !== 'Microsoft.Authorization'));
    expect(list.split(' ').sort()).toEqual([...needed].sort());
  });
});
