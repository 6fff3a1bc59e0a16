import { type ConfigIssue, configIssue } from './configIssue.ts';
import { type ConfigFile, configFile } from './file.ts';
import { issuesOf, pathText } from './issuesOf.ts';
import { literalSecretIssues } from './literalSecrets.ts';
import { isNestedTooDeep, MOST_LEVELS } from './nesting.ts';
import { repeatedMembers } from './repeatedMembers.ts';

/**
 * Reads the text of a config file.
 * @param fileName how issues name it
 * @returns the file and every fault in its form. Where there are some it holds the sections that are sound, so
 *   that their meaning can be checked, too; it is absent where nothing is. A file with a literal secret is read no
 *   further: the secret is named by its place and never shown
 */
export const readConfigFile = (
  text: string,
  fileName: string,
): { file: ConfigFile | undefined; issues: readonly ConfigIssue[] } => {
  const plain = text.replace(/^\uFEFF/, '');
  if (isNestedTooDeep(plain)) {
    const given = `more than ${MOST_LEVELS} levels of objects and lists`;
    return { file: undefined, issues: [configIssue(fileName, given, 'a JSON object of fewer')] };
  }
  let json: unknown;
  try {
    json = JSON.parse(plain);
  } catch (error) {
    return {
      file: undefined,
      issues: [configIssue(fileName, `no JSON (${jsonProblem(plain, error)})`, 'a JSON object')],
    };
  }
  const repeated = repeatedMembers(plain);
  const issues = repeated.map(({ path, line }) =>
    configIssue(`${fileName}: ${pathText(path)}`, `a second time, at line ${line}`, 'each member once'),
  );
  const secrets = literalSecretIssues(json, `${fileName}: `);
  if (secrets.length > 0) return { file: undefined, issues: [...issues, ...secrets] };
  const { data, error } = configFile.safeParse(json);
  if (error !== undefined)
    issues.push(...issuesOf(error, { schema: configFile, value: json, within: `${fileName}: ` }));
  const faulty = [...repeated, ...(error?.issues ?? [])];
  return { file: faulty.length === 0 ? data : soundSections(json, faulty), issues };
};

/** Each section with the one that it cannot be understood without. */
const SECTIONS = [
  { section: 'defaults', needs: 'defaults' },
  { section: 'vaults', needs: 'defaults' },
  { section: 'rules', needs: 'rules' },
  { section: 'providers', needs: 'providers' },
  { section: 'grants', needs: 'providers' },
  { section: 'clients', needs: 'providers' },
  { section: 'callers', needs: 'callers' },
] as const;

const soundSections = (
  json: unknown,
  faults: readonly { readonly path: readonly PropertyKey[] }[],
): ConfigFile | undefined => {
  if (typeof json !== 'object' || json === null) return undefined;
  const faulty = new Set(faults.map(({ path }) => path[0]));
  const sound = SECTIONS.filter(({ section, needs }) => !faulty.has(section) && !faulty.has(needs));
  const kept = sound.filter(({ section }) => Object.hasOwn(json, section));
  const rest = Object.fromEntries(
    kept.map(({ section }) => [section, (json as Record<string, unknown>)[section]]),
  );
  return configFile.safeParse(rest).data;
};

/** The place of a syntax error without the text around it, which could be a secret. */
const jsonProblem = (text: string, error: unknown): string => {
  const [, stated] = /position (\d+)/.exec(String(error)) ?? [];
  if (stated === undefined && !hasUnexpectedToken(text)) return 'it ends too early, or is empty';
  const lines = text.slice(0, stated === undefined ? unexpectedTokenAt(text) : Number(stated)).split('\n');
  return `at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
};

const hasUnexpectedToken = (text: string): boolean => {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return /^Unexpected token/.test((error as Error).message);
  }
};

/** Of a token that may not stand there the engine quotes the text around it and no position: it is where a cut shows it. */
const unexpectedTokenAt = (text: string): number => {
  let [before, within] = [0, text.length];
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (hasUnexpectedToken(text.slice(0, middle))) within = middle;
    else before = middle;
  }
  return before;
};
