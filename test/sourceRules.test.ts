import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../src/lib/config/settings.ts';
import { sourceFiles, textOf } from './sourceFiles.ts';

/** What holds for every source file wherever it lies; the clock, the environment and the console have one file each. */
describe('the globals', () => {
  const withoutComments = (file: string) =>
    textOf(file)
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');

  const globals: { name: string; use: RegExp; home: RegExp }[] = [
    {
      name: 'the clock',
      use: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
      // The clock of a reader's browser is not that of the app.
      home: /^src\/lib\/(kernel\/systemClock|board\/views\/pageScripts)\.ts$|^src\/local\/(\w+\/)?clock\.ts$/,
    },
    {
      name: 'the environment',
      use: /\bprocess\.env\b/,
      home: /^src\/(lib\/kernel\/environment|local\/environment)\.ts$/,
    },
    {
      name: 'the console',
      use: /\bconsole\.|\bprocess\.std(out|err)\b/,
      home: /^src\/(cli\/cli|lib\/kernel\/terminal|local\/endWithParent)\.ts$/,
    },
  ];
  for (const { name, use, home } of globals) {
    it(`keeps ${name} in one file`, () => {
      const users = [...sourceFiles('src'), ...sourceFiles('packages')]
        .filter((file) => !file.endsWith('/example.ts'))
        .filter((file) => !home.test(file))
        .filter((file) => use.test(withoutComments(file)));
      expect(users).toEqual([]);
    });
  }
});

it('gives no switch of a test, a benchmark or a script the prefix of the app settings', () => {
  // Such a switch in a shell would be an unknown setting to `npm start` in that shell.
  const files = [...sourceFiles('test'), ...sourceFiles('scripts'), 'package.json'];
  const switches = files.flatMap((file) =>
    [...textOf(file).matchAll(/(?:env\['|env\.|[" ])(KEYWATCH_\w+)(?:'\]|=)/g)].map(
      ([, name = '']) => `${file}: ${name}`,
    ),
  );
  expect(switches.filter((found) => !Object.keys(SETTINGS).some((name) => found.endsWith(name)))).toEqual([]);
});

it('keeps every source file within 250 lines', () => {
  const long = [
    ...sourceFiles('src'),
    ...sourceFiles('packages'),
    ...sourceFiles('infra'),
    ...sourceFiles('test'),
    ...sourceFiles('scripts'),
  ].filter((file) => textOf(file).split('\n').length > 251);
  expect(long).toEqual([]);
});

it('ends no signal of a test by the clock: a machine that is slow for a moment would end it too early', () => {
  // `manualLimits` ends it when the test says so.
  const users = sourceFiles('test').filter((file) => /\bAbortSignal\.timeout\(/.test(textOf(file)));
  expect(users).toEqual([]);
});

it('gives the answers of a test five seconds at least', () => {
  const short = sourceFiles('test').flatMap((file) =>
    [...textOf(file).matchAll(/\b(?:timeoutMs|requestTimeoutMs): (?:\d{1,3}|[1-4]_?\d{3})\b/g)].map(
      ([what]) => `${file}: ${what}`,
    ),
  );
  expect(short).toEqual([]);
});

/** Functions that serve whoever asks, each with its reason. */
const OPEN_TO_ANYBODY: Readonly<Record<string, string>> = {
  'src/functions/health.ts': 'monitors ask it, and it names nothing',
  'src/functions/signIn.ts': 'whoever comes there is nobody yet',
};

it('serves nothing over HTTP to strangers but what is named here', () => {
  const times = (file: string, what: RegExp) => textOf(file).match(what)?.length ?? 0;
  const files = sourceFiles('src/functions');
  const open = files.filter((file) => times(file, /^serve\(/gm) > times(file, /(?<=[=,] )secured\(/g));
  expect(open).toEqual(Object.keys(OPEN_TO_ANYBODY));
  expect(files.filter((file) => times(file, /\bapp\.http\(/g) > 0)).toEqual(['src/functions/serve.ts']);
});
