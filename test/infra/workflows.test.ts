import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './bicep/infraTexts.ts';

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

  it('pins every action to a version or a commit', () => {
    const actions = [...text.matchAll(/uses: (\S+)/g)].map((match) => match[1] ?? '');
    expect(actions.filter((action) => !/@(v\d+(\.\d+)*|[0-9a-f]{40})$/.test(action))).toEqual([]);
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
    const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(scripts.filter((script) => config.scripts[script] === undefined)).toEqual([]);
  });
});

describe('azure.yaml', () => {
  it('names the service that the function app is tagged with', () => {
    const app = readFileSync(join(ROOT, 'infra/modules/functionApp.bicep'), 'utf8');
    expect(azureYaml).toMatch(/^services:\n {2}keywatch:$/m);
    expect(app).toContain("'azd-service-name': 'keywatch'");
  });

  it('points at the template and at the folder that the build writes', () => {
    expect(azureYaml).toMatch(/path: infra\n {2}module: main\n/);
    expect(azureYaml).toContain(`dist: ${config.main.split('/')[0]}`);
  });
});
