import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { TEMPLATE } from '../../scripts/bicep/compileInfra.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** Every file under infra/ by its path from the repository's root, with slashes. */
export const infraTexts = (): Map<string, string> =>
  new Map(
    readdirSync(join(ROOT, 'infra'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(ROOT, path).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );

// biome-ignore lint/suspicious/noExplicitAny: ARM JSON has a shape of its own at every place.
type Json = any;

/** An ARM template, as the Bicep compiler writes one for each module. */
export interface Template {
  readonly definitions?: Readonly<Record<string, Json>>;
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly variables?: Readonly<Record<string, Json>>;
  readonly resources: Readonly<Record<string, Json>> | readonly Json[];
  readonly outputs?: Readonly<Record<string, Json>>;
}

/** A resource of a template, and where it is: the modules on the way to it, `application/stores/storage`. */
export interface Resource {
  readonly module: string;
  readonly symbol: string;
  readonly type: string;
  readonly body: Json;
  readonly template: Template;
}

/** The text of the committed template; `npm run infra` writes it. */
export const templateText = (): string => readFileSync(join(ROOT, TEMPLATE), 'utf8');

/** All that a template deploys, modules of modules included, without what is there already. */
export const resourcesOf = (template: Template, module = ''): Resource[] =>
  Object.entries(template.resources as Record<string, Json>).flatMap(([symbol, body]) => {
    if (body.existing === true) return [];
    const here = { module, symbol, type: body.type, body, template };
    const inner = body.properties?.template;
    const path = module === '' ? symbol : `${module}/${symbol}`;
    return inner === undefined ? [here] : [here, ...resourcesOf(inner, path)];
  });

/** The templates of a template: itself and one for each module, by the way to it. */
export const templatesOf = (template: Template): { module: string; template: Template }[] => [
  { module: '', template },
  ...modulesOf(template).map(({ module, symbol, body }) => ({
    module: module === '' ? symbol : `${module}/${symbol}`,
    template: body.properties.template as Template,
  })),
];

/** The deployments that the modules become. */
export const modulesOf = (template: Template): Resource[] =>
  resourcesOf(template).filter(({ type }) => type === 'Microsoft.Resources/deployments');

/** The first resource of a type, and the template of its module with it. */
export const firstOf = (template: Template, type: string): Resource => {
  const found = resourcesOf(template).find((resource) => resource.type === type);
  if (found === undefined) throw new Error(`The template has no ${type}`);
  return found;
};

/**
 * An ARM expression in fewer signs: variables followed to what they stand for, parameters as `{name}`, and no brackets
 * around it. A plain text stays as it is.
 */
export const expression = (value: unknown, template: Template): string => {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  const [, inner] = /^\[(?!\[)([\s\S]*)\]$/.exec(value) ?? [];
  if (inner === undefined) return value;
  return inner
    .replace(/parameters\('([^']+)'\)/g, '{$1}')
    .replace(/variables\('([^']+)'\)/g, (_, name: string) => {
      const held = template.variables?.[name];
      const text = expression(held, template);
      return typeof held === 'string' && text === held ? `'${held}'` : text;
    })
    .replace(/if\(empty\((\{\w+\})\), 'absent', \1\)/g, '$1');
};

interface Text {
  readonly path: string;
  readonly text: string;
}

/** Every text in a value, keys included, with the way to it. */
export const textsIn = (value: unknown, path = '', found: Text[] = []): Text[] => {
  if (typeof value === 'string') found.push({ path, text: value });
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    found.push({ path: `${path}/${name}`, text: name });
    textsIn(inner, `${path}/${name}`, found);
  }
  return found;
};

/** The arguments of a call, such as of `format('{0}', concat(a, b))`. */
export const argumentsOf = (call: string): string[] => {
  const found: string[] = [];
  let [depth, text, isQuoted] = [0, '', false];
  for (const sign of call.slice(call.indexOf('(') + 1, -1)) {
    if (sign === "'") isQuoted = !isQuoted;
    if (!isQuoted && '([{'.includes(sign)) depth += 1;
    if (!isQuoted && ')]}'.includes(sign)) depth -= 1;
    if (!isQuoted && depth === 0 && sign === ',') {
      found.push(text.trim());
      text = '';
    } else text += sign;
  }
  return text.trim() === '' ? found : [...found, text.trim()];
};
