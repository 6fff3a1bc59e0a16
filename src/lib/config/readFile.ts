import { z } from 'zod';
import { nearestName } from '../kernel/nearestName.ts';
import { printable, printableAddress } from '../kernel/printable.ts';
import { type Fault, fault } from './fault.ts';
import { type ConfigFile, configFile } from './file.ts';
import { literalSecretFaults } from './literalSecrets.ts';

/**
 * Reads the text of a config file.
 * @param fileName how faults name it
 * @returns the file and every fault in its form. Where there are some it holds the sections that are sound, so
 *   that their meaning can be checked, too; it is absent where nothing is. A file with a literal secret is read no
 *   further: the secret is named by its place and never shown
 */
export const readConfigFile = (
  text: string,
  fileName: string,
): { file: ConfigFile | undefined; faults: readonly Fault[] } => {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { file: undefined, faults: [fault(fileName, `no JSON (${jsonProblem(error)})`, 'a JSON object')] };
  }
  const secrets = literalSecretFaults(json, `${fileName}: `);
  if (secrets.length > 0) return { file: undefined, faults: secrets };
  const parsed = configFile.safeParse(json);
  if (parsed.success) return { file: parsed.data, faults: [] };
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, json, fileName));
  return { file: soundSections(json, parsed.error.issues), faults };
};

/** Each section with the one that it cannot be understood without. */
const SECTIONS = [
  { section: 'defaults', needs: 'defaults' },
  { section: 'vaults', needs: 'defaults' },
  { section: 'providers', needs: 'providers' },
  { section: 'grants', needs: 'providers' },
] as const;

const soundSections = (json: unknown, issues: readonly z.core.$ZodIssue[]): ConfigFile | undefined => {
  if (typeof json !== 'object' || json === null) return undefined;
  const faulty = new Set(issues.map(({ path }) => path[0]));
  const sound = SECTIONS.filter(({ section, needs }) => !faulty.has(section) && !faulty.has(needs));
  const kept = sound.filter(({ section }) => Object.hasOwn(json, section));
  const rest = Object.fromEntries(
    kept.map(({ section }) => [section, (json as Record<string, unknown>)[section]]),
  );
  return configFile.safeParse(rest).data;
};

/** The place of a syntax error without the text around it, which could be a secret. */
const jsonProblem = (error: unknown): string => {
  const place = /position (\d+)(?: \(line (\d+) column (\d+)\))?/.exec(String(error));
  if (place === null) return 'it ends too early, or is empty';
  return place[2] === undefined ? `at character ${place[1]}` : `at line ${place[2]}, column ${place[3]}`;
};

const faultsOf = (issue: z.core.$ZodIssue, json: unknown, fileName: string): Fault[] => {
  const where = `${fileName}: ${pathText(issue.path)}`;
  if (issue.code === 'unrecognized_keys') {
    const allowed = membersAt(issue.path);
    return issue.keys.map((key) => {
      const near = nearestName(key, allowed);
      const hint = near === undefined ? allowed.join(', ') : `"${near}", if that was meant`;
      return fault(where, `given the unknown member "${printable(key)}"`, hint);
    });
  }
  const value = valueAt(json, issue.path);
  const mayBeSecret = typeof value === 'string' && NAMES_OF_SECRETS.has(issue.path.at(-1));
  const given = mayBeSecret ? 'a text that is no such name (not shown)' : givenText(value);
  return [fault(where, given, allowedText(issue))];
};

/** Where the name of a secret belongs, somebody may have pasted the secret. */
const NAMES_OF_SECRETS: ReadonlySet<PropertyKey | undefined> = new Set(['secretName', 'keyName']);

const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? '(top level)'
    : path
        .map((part, index) =>
          typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
        )
        .join('');

const valueAt = (json: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], json);

const givenText = (value: unknown): string => {
  if (value === undefined) return 'missing';
  // A pasted address may carry a password or a key.
  if (typeof value === 'string') return `"${printableAddress(value)}"`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
};

const allowedText = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type') return `a value of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return issue.values.map((value) => `"${String(value)}"`).join(', ');
  if (issue.code === 'too_small')
    return `at least ${issue.minimum} ${issue.origin === 'string' ? 'characters' : ''}`.trim();
  if (issue.code === 'too_big')
    return `at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : ''}`.trim();
  // Of a union that goes by one word: the words.
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options))
    return issue.options.map((option) => `"${String(option)}"`).join(', ');
  if (issue.code === 'invalid_union') return issue.errors.flat().map(allowedText).join(', or ');
  return issue.message;
};

/** The members that the schema allows at a place, for "did you mean". */
const membersAt = (path: readonly PropertyKey[]): string[] => {
  let type: unknown = configFile;
  for (const part of path) {
    type = unwrapped(type);
    if (type instanceof z.ZodArray) type = type.element;
    else if (type instanceof z.ZodObject) type = (type.shape as Record<PropertyKey, unknown>)[part];
  }
  const object = unwrapped(type);
  return object instanceof z.ZodObject ? Object.keys(object.shape as object) : [];
};

const unwrapped = (type: unknown): unknown =>
  type instanceof z.ZodOptional ? unwrapped(type.unwrap()) : type;
