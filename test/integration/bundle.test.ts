import { execFile } from 'node:child_process';
import { constants, verify } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleFunctions } from '../../scripts/bundle.ts';
import { loadedWith } from '../../scripts/bundleFiles.ts';

/** The deployed bundle, in a folder far from any node_modules, run by a process of its own. */
const ROOT = join(import.meta.dirname, '../..');
let folder = '';
let metafile: Metafile;
let report: { functions: string[]; hooks: number; health: number; loaded: string[]; logged: string[] };
let problems = '';

const packagesIn = (output: string): string[] =>
  Object.keys(metafile.outputs[output]?.inputs ?? {}).map(
    (input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? 'keywatch',
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keywatch-bundle-'));
  ({ metafile } = await bundleFunctions(folder));
  copyFileSync(join(ROOT, 'host.json'), join(folder, 'host.json'));
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'test/fakes/runBundle.ts'), folder],
    {
      cwd: folder,
      env: {
        KEYWATCH_VAULTS: 'https://kv-contoso-prod.vault.azure.net',
        WEBSITE_SITE_NAME: 'keywatch',
        AZURE_AUTHORITY_HOST: 'https://127.0.0.1:1',
        AZURE_TENANT_ID: '00000000-0000-0000-0000-000000000000',
        AZURE_CLIENT_ID: '00000000-0000-0000-0000-000000000000',
        AZURE_CLIENT_SECRET: 'none',
        APPLICATIONINSIGHTS_CONNECTION_STRING:
          'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://127.0.0.1:1/',
      },
    },
  );
  report = JSON.parse(stdout);
  problems = stderr;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('registers every function that src/functions has, and no other', () => {
  const sources = join(ROOT, 'src/functions');
  const registered = readdirSync(sources)
    .map((file) => readFileSync(join(sources, file), 'utf8'))
    .flatMap((source) => [...source.matchAll(/^(?:app\.\w+|serve)\(\s*'(\w+)'/gm)].map(([, name]) => name));
  expect(registered.length).toBeGreaterThanOrEqual(4);
  expect(report.functions).toEqual(registered.sort());
  expect(report.hooks).toBe(2);
});

it('loads no more at start than the library of the programming model and its own triggers', () => {
  const packages = new Set([...loadedWith(metafile, 'index.cjs')].flatMap(packagesIn));
  expect([...packages].sort()).toEqual([
    '@azure/functions',
    '@azure/functions-extensions-base',
    'cookie',
    'keywatch',
  ]);
});

it('finds at start no file of a single module', () => {
  // The entry, what it shares with the rest, and the runtime of esbuild.
  expect(loadedWith(metafile, 'index.cjs').size).toBe(3);
});

it('has each library in one form', () => {
  // The state of a library is in one file of its CommonJS form, for both.
  const modules = Object.keys(metafile.inputs).filter((input) => !/\/commonjs\/state\S*$/.test(input));
  const librariesIn = (form: string) =>
    new Set(modules.filter((input) => input.includes(form)).map((input) => input.split(form)[0]));
  const asModules = librariesIn('/dist/esm/');
  expect(asModules.size).toBeGreaterThan(10);
  expect([...librariesIn('/dist/commonjs/')].filter((library) => asModules.has(library))).toEqual([]);
});

it('composes itself from its own files, all of which load', () => {
  expect(report.health).toBe(200);
  expect(report.loaded).toEqual(readdirSync(folder).filter((file) => file.endsWith('.cjs')));
  const everything = new Set(Object.keys(metafile.outputs).flatMap(packagesIn));
  expect([...everything]).toEqual(
    expect.arrayContaining(['@azure/identity', '@azure/keyvault-secrets', 'applicationinsights', 'zod']),
  );
});

it('scans and reports it with the SDKs from its own files', () => {
  expect(report.logged).toEqual(['scan of kv-contoso-prod: failed, 0 credentials, 0 pages']);
  expect(problems).toBe('');
});

it('is CommonJS throughout, with no source map that nothing would read', () => {
  const files = readdirSync(folder).filter((file) => !file.endsWith('.json'));
  expect(files).toContain('index.cjs');
  expect(files.filter((file) => !file.endsWith('.cjs'))).toEqual([]);
  expect(readFileSync(join(folder, 'index.cjs'), 'utf8')).not.toContain('sourceMappingURL');
});

it('has a source map beside each file where that is asked for', async () => {
  const mapped = join(folder, 'mapped');
  // One that has a few files, not two hundred.
  const { files } = await bundleFunctions(mapped, 'src/lib/app/proverOf.ts', { sourceMaps: true });
  expect(files.length).toBeGreaterThan(1);
  for (const { name } of files) {
    expect(readFileSync(join(mapped, name), 'utf8')).toContain(`sourceMappingURL=${name}.map`);
    expect(JSON.parse(readFileSync(join(mapped, `${name}.map`), 'utf8'))).toMatchObject({ version: 3 });
  }
  rmSync(mapped, { recursive: true });
});

it('signs in by a certificate with what it loads for that', async () => {
  const signing = join(folder, 'signing');
  await bundleFunctions(signing, 'test/fakes/signInByCertificate.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [join(signing, 'index.cjs')]);
  const { signed, publicKey } = JSON.parse(stdout) as { signed: string; publicKey: string };
  const [head = '', body = '', signature = ''] = signed.split('.');
  const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING };
  expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))).toBe(
    true,
  );
  rmSync(signing, { recursive: true });
});

it('has no poll of remote settings in it', () => {
  const workers = Object.entries(metafile.inputs).filter(([input]) =>
    input.endsWith('/configurationWorker.js'),
  );
  expect(workers.length).toBeGreaterThan(0);
  // The real one imports the pipeline that it polls with; what esbuild adds itself is its runtime.
  const imported = workers.flatMap(([, { imports }]) => imports.map(({ path }) => path));
  expect(imported.filter((path) => path !== '<runtime>')).toEqual([]);
});

it('asks of no request whether its body is a form, which would load fetch for it', () => {
  const asking = report.loaded.filter((file) =>
    /\b(typeof|instanceof) FormData\b/.test(readFileSync(join(folder, file), 'utf8')),
  );
  expect(asking).toEqual([]);
});
