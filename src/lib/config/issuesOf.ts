import type * as z from 'zod/mini';
import { nearestName } from '../kernel/nearestName.ts';
import { printableAddress } from '../kernel/printable.ts';
import { type ConfigIssue, configIssue } from './configIssue.ts';
import { literalSecretIssues } from './literalSecrets.ts';

interface Judged {
  readonly schema: z.ZodMiniType;
  /** What the schema was asked about. */
  readonly value: unknown;
  /** What stands before the place of each fault: `keywatch.config.json: `. */
  readonly within?: string;
}

/** Everything that a schema finds wrong with settings or config file, in words. Shows no secret. */
export const issuesOf = (error: z.core.$ZodError, { schema, value, within = '' }: Judged): ConfigIssue[] =>
  error.issues.flatMap((issue) => {
    const { path } = issue;
    if (issue.code !== 'unrecognized_keys') {
      const given = givenText(valueAt(value, path), NAMES_OF_SECRETS.has(path.at(-1)));
      return [configIssue(`${within}${pathText(path)}`, given, allowedText(issue))];
    }
    const allowed = membersAt(schema, path);
    return issue.keys.map((key) => {
      const near = nearestName(key, allowed);
      const hint = near === undefined ? allowed.join(', ') : `"${near}", if that was meant`;
      return configIssue(`${within}${pathText([...path, key])}`, 'a name that Keywatch does not know', hint);
    });
  });

/** Where the name of a secret belongs, somebody may have pasted the secret. */
const NAMES_OF_SECRETS: ReadonlySet<PropertyKey | undefined> = new Set(['secretName', 'keyName']);

/** `vaults[1].name` */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? '(top level)'
    : path
        .map((part, index) =>
          typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
        )
        .join('');

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part], value);

const givenText = (value: unknown, mayBeSecret: boolean): string => {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') {
    if (mayBeSecret) return 'a text that is no such name (not shown)';
    // A pasted address may carry a password or a key.
    return literalSecretIssues(value, '').length > 0
      ? 'a literal secret (not shown)'
      : `"${printableAddress(value)}"`;
  }
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

/** The members that a schema allows at a place, for "did you mean". */
const membersAt = (schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] => {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional') return membersAt(def.innerType, path);
  const [part, ...rest] = path;
  if (def.type === 'array') return membersAt(def.element, rest);
  if (def.type !== 'object') return [];
  if (part === undefined) return Object.keys(def.shape);
  const member = def.shape[String(part)];
  return member === undefined ? [] : membersAt(member, rest);
};
