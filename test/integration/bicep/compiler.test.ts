import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BicepCompiler, type Diagnostic, startBicepCompiler } from './bicepCompiler.ts';
import { BICEP_VERSION, findBicep } from './findBicep.ts';

const INFRA = join(import.meta.dirname, '../../../infra');
const bicep = findBicep(process.env);
if (bicep === undefined)
  console.warn(
    'The templates are not compiled: there is no Bicep compiler. "dotnet restore .ci/bicep.csproj" brings it, or BICEP names one.',
  );

/** What the files of values ask of the environment. */
const ASKED = {
  AZURE_ENV_NAME: 'sample',
  AZURE_LOCATION: 'westeurope',
  KEYWATCH_ALERT_EMAIL: 'on-call@contoso.example',
  KEYWATCH_PAGERDUTY_ADDRESS: 'https://events.pagerduty.example/placeholder',
};

const files = (...endings: string[]): string[] =>
  readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((path) =>
    endings.some((ending) => path.endsWith(ending)),
  );
const said = (diagnostics: Diagnostic[]): string[] =>
  diagnostics.map(
    ({ source, range, level, code, message }) =>
      `${source}:${range.start.line + 1} ${level} ${code} ${message}`,
  );

describe.skipIf(bicep === undefined)('the Bicep compiler', () => {
  let compiler: BicepCompiler;
  beforeAll(async () => {
    compiler = await startBicepCompiler(bicep ?? '', ASKED);
  });
  afterAll(() => compiler.close());

  it.each(files('.bicep'))('has nothing to say of %s', async (path) => {
    expect(said(await compiler.compile(join(INFRA, path)))).toEqual([]);
  });

  it.each(files('.bicepparam'))('has nothing to say of the values in %s', async (path) => {
    expect(said(await compiler.compileParams(join(INFRA, path)))).toEqual([]);
  });

  it('finds a property that a resource type has not', async () => {
    const path = join(import.meta.dirname, 'faulty.bicep');
    expect(said(await compiler.compile(path)).join('\n')).toMatch(/BCP037 .*"publicAcces"/);
  });
});

it('the compiler that is looked for is the one that is restored', () => {
  const project = readFileSync(join(INFRA, '../.ci/bicep.csproj'), 'utf8');
  expect(project).toContain(`Include="Azure.Bicep.CommandLine.linux-x64" Version="[${BICEP_VERSION}]"`);
});

it('a compiler that is named and is none is refused', () => {
  expect(() => findBicep({ BICEP: join(INFRA, 'main.bicep') })).toThrow(/main\.bicep, which is no program/);
});
