import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { SETTINGS } from '../src/lib/config/settings.ts';

/**
 * The layers of docs/architecture.md as a test: what each folder may import, and the three globals
 * (clock, environment, console) that live in one file each.
 */
const ROOT = join(import.meta.dirname, '..');

const sourceFiles = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)'([^']+)'/g;

const importsOf = (file: string): string[] =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? '';
    return specifier.startsWith('.') ? relative(ROOT, join(ROOT, file, '..', specifier)) : specifier;
  });

const layers: { layer: string; may: RegExp; because: string }[] = [
  { layer: 'src/lib/domain', may: /^src\/lib\/domain\//, because: 'domain is pure and knows nothing else' },
  {
    layer: 'src/lib/ports',
    may: /^src\/lib\/(domain|ports|telemetry)\//,
    because: 'a port speaks in words of the domain and of the catalog',
  },
  {
    layer: 'src/lib/usecases',
    may: /^src\/lib\/(domain|ports|usecases|telemetry)\/|^node:crypto$/,
    because: 'use cases orchestrate over ports; no SDK',
  },
  {
    layer: 'src/lib/telemetry',
    may: /^src\/lib\/(domain|telemetry)\//,
    because: 'the catalog and the redactor are data and pure functions',
  },
  {
    layer: 'src/lib/config',
    may: /^src\/lib\/(domain|config)\/|^zod$/,
    because: 'the configuration is read before there is anything else',
  },
  {
    layer: 'src/lib/report',
    may: /^src\/lib\/(domain|report|config|ports|usecases)\//,
    because: 'a report shows results that it is handed',
  },
  {
    layer: 'src/lib/adapters',
    may: /^(?!src\/)|^src\/lib\/(domain|ports|adapters|telemetry)\//,
    because: 'an adapter serves its port and is joined in compose.ts only',
  },
  {
    layer: 'src/functions',
    may: /^@azure\/functions$|^src\/functions\/|^src\/lib\/(compose|domain|ports|telemetry)/,
    because: 'a trigger parses, calls one use case and lets errors reach the host',
  },
];

describe('the layers', () => {
  for (const { layer, may, because } of layers) {
    it(`${layer}: ${because}`, () => {
      const forbidden = sourceFiles(layer).flatMap((file) =>
        importsOf(file)
          .filter((specifier) => !may.test(specifier))
          .map((specifier) => `${file} imports ${specifier}`),
      );
      expect(forbidden).toEqual([]);
    });
  }

  it('keeps @azure/functions inside src/functions and the local host', () => {
    const importers = sourceFiles('src')
      .filter((file) => !/^src\/(functions|local)\//.test(file))
      .filter((file) => importsOf(file).some((specifier) => specifier.startsWith('@azure/functions')));
    expect(importers).toEqual([]);
  });

  it('never lets deployed code import the local stand-ins', () => {
    const importers = sourceFiles('src')
      .filter((file) => /^src\/(functions|lib)\//.test(file))
      .filter((file) => importsOf(file).some((specifier) => specifier.startsWith('src/local/')));
    expect(importers).toEqual([]);
  });
});

describe('the globals', () => {
  const withoutComments = (file: string) =>
    readFileSync(join(ROOT, file), 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '');

  const globals: { name: string; use: RegExp; home: RegExp }[] = [
    {
      name: 'the clock',
      use: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/,
      home: /^src\/lib\/adapters\/systemClock\.ts$|^src\/local\/(\w+\/)?clock\.ts$/,
    },
    {
      name: 'the environment',
      use: /\bprocess\.env\b/,
      home: /^src\/(lib\/adapters\/environment|local\/environment)\.ts$/,
    },
    {
      name: 'the console',
      use: /\bconsole\.|\bprocess\.std(out|err)\b/,
      home: /^src\/(cli|lib\/adapters\/terminal|local\/endWithParent)\.ts$/,
    },
  ];
  for (const { name, use, home } of globals) {
    it(`keeps ${name} in one file`, () => {
      const users = sourceFiles('src')
        .filter((file) => !home.test(file))
        .filter((file) => use.test(withoutComments(file)));
      expect(users).toEqual([]);
    });
  }
});

it('explains every folder and every dependency in docs/architecture.md', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const foldersOf = (folder: string): string[] =>
    readdirSync(join(ROOT, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`);
  const folders = ['src', 'src/lib'].flatMap(foldersOf).filter((folder) => folder !== 'src/lib');
  expect(folders.filter((folder) => !page.includes(`| \`${folder}\``))).toEqual([]);
  const { dependencies, devDependencies, optionalDependencies } = packageJson;
  const packages = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  // The others of a family follow its first without its name: `-keys`.
  const isExplained = (name: string) =>
    page.includes(`\`${name}\``) || page.includes(`\`-${name.split('-').at(-1)}\``);
  expect(packages.filter((name) => !isExplained(name))).toEqual([]);
});

it('gives no switch of a test, a benchmark or a script the prefix of the app settings', () => {
  // Such a switch in a shell would be an unknown setting to `npm start` in that shell.
  const files = [...sourceFiles('test'), ...sourceFiles('scripts'), 'package.json'];
  const switches = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:env\['|env\.|[" ])(KEYWATCH_\w+)(?:'\]|=)/g)].map(
      ([, name = '']) => `${file}: ${name}`,
    ),
  );
  expect(switches.filter((found) => !Object.keys(SETTINGS).some((name) => found.endsWith(name)))).toEqual([]);
});

it('keeps every source file within 250 lines', () => {
  const long = [...sourceFiles('src'), ...sourceFiles('test'), ...sourceFiles('scripts')].filter(
    (file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 251,
  );
  expect(long).toEqual([]);
});
