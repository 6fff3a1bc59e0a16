import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const documents = globSync(['*.md', 'docs/**/*.md', 'infra/**/*.md', 'packages/*/*.md', 'samples/*.md'], {
  cwd: ROOT,
}).sort();
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const withoutCode = (text: string): string => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');

/** The name by which a page of GitHub links to a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsIn = (text: string): string[] =>
  [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} (.*)$/gm)].map(([, title = '']) =>
    anchorOf(title),
  );

/** Each link within the project that leads nowhere, as `TARGET`. */
const brokenLinks = (path: string, text: string): string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const linked = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, linked))) return true;
      return anchor !== undefined && !anchorsIn(textOf(linked)).includes(anchor);
    });

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** Each script that a text tells people to run and that there is not. */
const missingScripts = (text: string): string[] =>
  [...text.matchAll(/npm (?:run(?: -s)? ([a-z][\w:-]*)|(start|test)\b)/g)]
    .map(([, named, short]) => named ?? short ?? '')
    .filter((name) => scripts[name] === undefined);

/** Files of the project that a text names in code: `src/…`, `infra/…`, `docs/…`, with an ending. */
const missingFiles = (text: string): string[] =>
  [
    ...text.matchAll(
      /`((?:src|test|infra|docs|scripts|\.github)\/[\w./-]+\.(?:tsx?|kql|json|md|bicep|yml))`/g,
    ),
  ]
    .map(([, path = '']) => path)
    .filter((path) => !/NAME|\/mine\./.test(path))
    .filter((path) => !existsSync(join(ROOT, path)));

describe.each(documents)('%s', (path) => {
  const text = textOf(path);

  it('links to files and headings that exist', () => {
    expect(brokenLinks(path, text)).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    expect(missingScripts(text)).toEqual([]);
  });

  it('names files that exist', () => {
    expect(missingFiles(text)).toEqual([]);
  });
});

describe('these checks', () => {
  it('see a link to nowhere, in the file and in its headings', () => {
    const text = '[a](docs/alerts.md) [b](docs/nothing.md) [c](docs/alerts.md#nothing) `[d](code.md)`';
    expect(brokenLinks('README.md', text)).toEqual(['docs/nothing.md', 'docs/alerts.md#nothing']);
  });

  it('see a script and a file that are not there', () => {
    expect(missingScripts('`npm run lint`, `npm run -s nothing`')).toEqual(['nothing']);
    expect(missingFiles('`src/cli/cli.ts` and `src/nothing.ts`')).toEqual(['src/nothing.ts']);
  });

  it('read every page of the documentation', () => {
    expect(documents).toEqual(
      expect.arrayContaining(['README.md', 'docs/architecture.md', 'infra/alerts/digest/runbook.md']),
    );
    expect(documents.length).toBeGreaterThan(20);
  });
});

describe('docs/architecture.md', () => {
  it('says of every dependency why it is here', () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      textOf('package.json'),
    ) as Record<string, Record<string, string>>;
    const table = textOf('docs/architecture.md').split('## Dependencies')[1] ?? '';
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    // Siblings of one scope share a row: `@azure/keyvault-secrets`, `-keys`.
    const isExplained = (name: string): boolean =>
      table.includes(`\`${name}\``) || table.includes(`\`${name.replace('@azure/keyvault', '')}\``);
    expect(names.filter((name) => !isExplained(name))).toEqual([]);
  });
});
