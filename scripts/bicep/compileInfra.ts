import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { BicepCompiler, Diagnostic } from './bicepCompiler.ts';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = 'infra/main.bicep';

/** The ARM template that `infra/main.bicep` becomes: what `npm test` reads, and what can be deployed without Bicep. */
export const TEMPLATE = 'infra/compiled/main.json';

/** The SHA-256 of every file that the template was compiled from, so that a stale one is known without a compiler. */
export const SOURCES = 'infra/compiled/sources.json';

/** What the files of values ask of the environment of whoever deploys. */
export const ASKED: Readonly<Record<string, string>> = {
  AZURE_ENV_NAME: 'sample',
  AZURE_LOCATION: 'westeurope',
  KEYWATCH_ALERT_EMAIL: 'on-call@contoso.example',
  KEYWATCH_PAGERDUTY_ADDRESS: 'https://events.pagerduty.example/placeholder',
};

export interface CompiledInfra {
  /** What the compiler and its linter say, a line each. Empty: nothing to mend. */
  readonly said: readonly string[];
  /** What each file should hold, by its path from the root: sources as formatted, and the compiled files. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Formats, lints and compiles everything under `infra/`, and writes nothing. */
export const compileInfra = async (compiler: BicepCompiler): Promise<CompiledInfra> => {
  const texts = new Map<string, string>();
  const files = filesOfInfra();
  for (const path of files) texts.set(path, await compiler.format(join(ROOT, path)));

  const said: string[] = [];
  let compiled: string | undefined;
  for (const path of files.filter((each) => each.endsWith('.bicepparam'))) {
    const { diagnostics, template } = await compiler.compileParams(join(ROOT, path));
    said.push(...diagnostics.map(inWords));
    if (path === `${MAIN}param`) compiled = template;
  }

  const sources = (await compiler.references(join(ROOT, MAIN))).map(fromRoot).sort();
  for (const path of files)
    if (path.endsWith('.bicep') && !sources.includes(path)) said.push(`${path}: ${MAIN} does not use it`);

  if (compiled !== undefined) {
    const hashes = sources.map((path) => [path, sha256(texts.get(path) ?? textOf(path))]);
    texts.set(TEMPLATE, json(withoutGenerator(JSON.parse(compiled))));
    texts.set(SOURCES, json(Object.fromEntries(hashes)));
  }
  return { said: [...new Set(said)], texts };
};

/** Line endings aside: a checkout may have changed them. */
export const sha256 = (text: string): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const fromRoot = (path: string): string => relative(ROOT, path).replaceAll(sep, '/');

const filesOfInfra = (): string[] =>
  readdirSync(join(ROOT, 'infra'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.bicep(param)?$/.test(path))
    .map((path) => `infra/${path.replaceAll(sep, '/')}`)
    .sort();

const inWords = ({ source, range, level, code, message }: Diagnostic): string =>
  `${fromRoot(source)}:${range.start.line + 1} ${level} ${code} ${message}`;

/** Without the compiler's stamp: another version that compiles the same leaves the same file. */
const withoutGenerator = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutGenerator);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '_generator')
      .map(([name, inner]) => [name, withoutGenerator(inner)]),
  );
};
