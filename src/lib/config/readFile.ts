import type * as z from 'zod/mini';
import { type ConfigIssue, configIssue } from './configIssue.ts';
import { type ConfigFile, configFile } from './file.ts';
import { issuesOf } from './issuesOf.ts';
import { literalSecretIssues } from './literalSecrets.ts';

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
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return {
      file: undefined,
      issues: [configIssue(fileName, `no JSON (${jsonProblem(error)})`, 'a JSON object')],
    };
  }
  const secrets = literalSecretIssues(json, `${fileName}: `);
  if (secrets.length > 0) return { file: undefined, issues: secrets };
  const parsed = configFile.safeParse(json);
  if (parsed.success) return { file: parsed.data, issues: [] };
  const issues = issuesOf(parsed.error, { schema: configFile, value: json, within: `${fileName}: ` });
  return { file: soundSections(json, parsed.error.issues), issues };
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
