import { printable } from '../kernel/printable.ts';

/** One thing that is wrong with the configuration: where, what was given, what is allowed. */
export interface ConfigIssue {
  /** Setting or path in the config file: `KEYWATCH_VAULTS`, `keywatch.config.json: grants[2].id`. */
  readonly where: string;
  readonly given: string;
  readonly allowed: string;
}

/** A fault, safe to show: names of members and what was given may hold what a terminal obeys. */
export const configIssue = (where: string, given: string, allowed: string): ConfigIssue => ({
  where: printable(where, 300),
  given: printable(given, 500),
  allowed,
});

/** What is wrong so far, added to by whoever reads a part. */
export interface IssueList {
  readonly found: readonly ConfigIssue[];
  add(where: string, given: string, allowed: string): void;
}

export const issueList = (found: ConfigIssue[]): IssueList => ({
  found,
  add: (where, given, allowed) => void found.push(configIssue(where, given, allowed)),
});

/** All that is wrong with the configuration, in one error for people. Holds no value of a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    const lines = issues.map(({ where, given, allowed }) => `  ${where}: ${given}; allowed: ${allowed}`);
    const count = issues.length === 1 ? 'one fault' : `${issues.length} faults`;
    super(`The configuration has ${count}:\n${lines.join('\n')}`);
    this.issues = issues;
  }
}
