import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ASKED } from '../../scripts/bicep/compileInfra.ts';
import { infraTexts, ROOT } from './template.ts';

const folder = join(ROOT, '.github/workflows');
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(join(folder, name), 'utf8'),
}));
const config = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const azureYaml = readFileSync(join(ROOT, 'azure.yaml'), 'utf8');

describe.each(workflows)('the workflow $name', ({ text }) => {
  it('grants reading at its top and more only where a job needs it', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
    const written = [...text.matchAll(/^ {6}([\w-]+): write$/gm)].map((match) => match[1]);
    expect(written.filter((scope) => scope !== 'id-token' && scope !== 'contents')).toEqual([]);
  });

  it('pins every action to a commit, and says which version that is', () => {
    const actions = [...text.matchAll(/uses: (.+)/g)].map((match) => match[1] ?? '');
    expect(actions.filter((action) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('takes no cache into a job that has rights', () => {
    if (!/^ {6}[\w-]+: write$/m.test(text)) return;
    expect(text).not.toMatch(/^ +cache:/m);
  });

  it('asks for variables of an environment in steps only: the condition of a job does not know them', () => {
    expect([...text.matchAll(/^ {4}if: (?:>-\n(?: {6}.*\n)+|.*)/gm)].join('')).not.toContain('vars.');
  });

  it('stores no secret: Azure takes the token that GitHub signs for the job', () => {
    expect(text).not.toMatch(/\bsecrets\./);
    expect(text).not.toMatch(/client-secret|creds:|publish-profile/);
  });

  it('never runs code of a fork with rights of its own', () => {
    expect(text).not.toContain('pull_request_target');
    expect(text.match(/actions\/checkout@/g)?.length ?? 0).toBe(
      text.match(/persist-credentials: false/g)?.length ?? 0,
    );
  });

  it('puts nothing that somebody else may write straight into a shell', () => {
    const scripts = [...text.matchAll(/run: (\|\n(?: {10}.*\n?)+|.*)/g)].map((match) => match[1] ?? '');
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('calls only npm scripts that exist', () => {
    const scripts = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(scripts.filter((script) => config.scripts[script] === undefined)).toEqual([]);
  });
});

it('the workflow that deploys subscribes to vault events before the question that starts the first scan', () => {
  const text = workflows.find(({ name }) => name === 'deploy.yml')?.text ?? '';
  const subscribed = text.indexOf('subscribe || {');
  expect(subscribed).toBeGreaterThan(text.indexOf('config-zip'));
  expect(text.indexOf('- name: Is it healthy')).toBeGreaterThan(subscribed);
  expect(text.match(/run: npm run --silent healthy -- "\$URL"$/gm)).toHaveLength(1);
});

it('the workflow that deploys tries an upload again that a new role did not let through', () => {
  const text = workflows.find(({ name }) => name === 'deploy.yml')?.text ?? '';
  expect(text).toMatch(/for attempt in 1 2 3; do\n.*config-zip[^\n]*; then\n +exit 0/);
  expect(text).toMatch(/sleep 90\n +done\n +exit 1\n/);
});

it('what compiles the files of values has each variable of the environment that they ask for', () => {
  const values = [...infraTexts()].filter(([path]) => path.endsWith('.bicepparam')).map(([, words]) => words);
  const asked = values.flatMap((words) => [...words.matchAll(/readEnvironmentVariable\('(\w+)'\)/g)]);
  expect(asked.length).toBeGreaterThan(2);
  for (const [, variable = ''] of asked) expect(Object.keys(ASKED)).toContain(variable);
});

it.each(['deploy.yml', 'infra.yml'])('the workflow %s hands on whatever main.bicepparam reads', (name) => {
  const text = workflows.find((workflow) => workflow.name === name)?.text ?? '';
  const values = readFileSync(join(ROOT, 'infra/main.bicepparam'), 'utf8');
  const read = [...values.matchAll(/readEnvironmentVariable\('(\w+)'/g)].map(([, variable]) => variable);
  expect(read.length).toBeGreaterThan(5);
  expect(
    read.filter(
      (variable) => !text.includes(`\n      ${variable}: `) && !text.includes(`\n          ${variable}: `),
    ),
  ).toEqual([]);
});

describe('azure.yaml', () => {
  it('names the service that the function app is tagged with', () => {
    const app = readFileSync(join(ROOT, 'infra/modules/functionApp.bicep'), 'utf8');
    expect(azureYaml).toMatch(/^services:\n {2}keywatch:$/m);
    expect(app).toContain("'azd-service-name': 'keywatch'");
  });

  it('calls only npm scripts that exist', () => {
    const scripts = [...azureYaml.matchAll(/npm run (?:--\w+ )?([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(new Set(scripts)).toEqual(new Set(['build', 'types', 'healthy', 'receivers', 'runbooks']));
    expect(scripts.filter((script) => config.scripts[script] === undefined)).toEqual([]);
  });

  it('hooks into the packaging: azd never runs a build step of its own for Node', () => {
    expect(azureYaml).toMatch(/^ {4}hooks:\n(?: {6}#.*\n)* {6}prepackage:\n/m);
  });

  const hook = (name: string, system: string): string => {
    const [, after = ''] = azureYaml.split(`\n  ${name}:\n`);
    const [here = ''] = after.split(/\n {2}\S/);
    const [posix = '', windows = ''] = here.split('windows:');
    return system === 'posix' ? posix : windows;
  };

  it.each(['posix', 'windows'])(
    'subscribes to vault events before the question that starts the first scan, on %s',
    (system) => {
      const run = hook('postdeploy', system);
      const [before = '', after = ''] = run.split(/^ {8}\}?(?:fi)?$/m).slice(-2);
      expect(before.indexOf('azd provision --no-prompt')).toBeGreaterThan(0);
      // The app is woken before that only where a first attempt failed.
      expect(before.indexOf('healthy --')).toBeGreaterThan(before.indexOf('azd provision --no-prompt'));
      expect(before.lastIndexOf('azd provision --no-prompt')).toBeGreaterThan(before.indexOf('healthy --'));
      expect(after).not.toContain('azd provision');
      expect(after).toContain('npm run --silent healthy --');
      expect(after.indexOf('npm run --silent receivers --')).toBeGreaterThan(after.indexOf('healthy --'));
    },
  );

  it.each(['posix', 'windows'])('lets alerts link to the runbooks of what is deployed, on %s', (system) => {
    const set = /azd env set (\w+) "\$\(npm run --silent runbooks/.exec(hook('preprovision', system))?.[1];
    expect(set).toBeDefined();
    expect(infraTexts().get('infra/main.bicepparam')).toContain(`readEnvironmentVariable('${set}', '')`);
  });

  it.each(['posix', 'windows'])('forgets what it set once everything is taken down, on %s', (system) => {
    const set = /azd env set (\w+) true/.exec(hook('postdeploy', system))?.[1];
    expect(set).toBeDefined();
    expect(hook('postdown', system)).toContain(`azd env set ${set} false`);
  });

  it('points at the template and at the folder that the build writes', () => {
    expect(azureYaml).toMatch(/path: infra\n {2}module: main\n/);
    expect(azureYaml).toContain(`dist: ${config.main.split('/')[0]}`);
  });
});
