import { readVaultUrl } from '../kernel/vaultUrl.ts';
import { type ConfigRule, contradictionOf, mostExactFirst, namesWhole } from '../scan/rules/configRule.ts';
import type { IssueList } from './configIssue.ts';
import { CROSSING_ALLOWED, crossingOf } from './crossing.ts';
import type { RuleEntry } from './ruleEntry.ts';

/** The rules of a config file, most exact first, adding whatever is wrong to `issues`. */
export const readRules = (
  entries: readonly RuleEntry[] = [],
  vaults: VaultNames,
  issues: IssueList,
): readonly ConfigRule[] => {
  const rules = entries.map((entry, index) => {
    const rule = ruleOf(entry, index);
    const vault = nameOfVault(rule, vaults, issues);
    return vault === undefined ? rule : { ...rule, match: { ...rule.match, vault } };
  });
  for (const [index, rule] of rules.entries()) {
    const report = (member: string, given: string, allowed: string): void => {
      issues.add(`config file: ${rule.origin}${member}`, given, allowed);
    };
    if (Object.values(rule.match).every((value) => value === undefined))
      report('.match', 'nothing', 'at least one of vault, kind, name, owner');
    const { snoozeUntilEpochMs, ignoreUntilEpochMs, ...others } = rule.says;
    const isSilencing = snoozeUntilEpochMs !== undefined || ignoreUntilEpochMs !== undefined;
    if (!isSilencing && Object.values(others).every((value) => value === undefined))
      report('', 'a match and nothing else', 'something that it says of what it matches');
    if (isSilencing && rule.reason === undefined)
      report('.reason', 'missing', 'why, where it has "snoozeUntil" or "ignoreUntil"');
    if (rule.match.owner !== undefined && rule.says.owner !== undefined)
      report(
        '.owner',
        'an owner for those of another',
        'none: who owns a credential decides whether it matches',
      );
    // One that says only one of them takes the other along.
    const saysBoth = rule.says.warning !== undefined && rule.says.critical !== undefined;
    const crossing = saysBoth ? crossingOf([rule]) : undefined;
    if (crossing !== undefined) report('', crossing, CROSSING_ALLOWED);
    for (const earlier of rules.slice(0, index)) {
      const member = contradictionOf(earlier, rule);
      if (member === undefined) continue;
      const given = `as exact as ${earlier.origin}, and says something else of the same credentials`;
      report(`.${member}`, given, 'one of them more exact, by name, vault, owner or kind');
    }
  }
  return mostExactFirst(rules);
};

/** How vaults are called in tables and alerts. */
export interface VaultNames {
  readonly allowLoopback: boolean;
  readonly nameOf: (vaultUrl: string) => string;
}

/** One vault has one name in all rules, whether they name it or give its address in whatever spelling. */
const nameOfVault = (
  { match: { vault }, origin }: ConfigRule,
  { allowLoopback, nameOf }: VaultNames,
  issues: IssueList,
): string | undefined => {
  if (vault === undefined || !vault.includes('://')) return vault;
  const reading = readVaultUrl(vault, allowLoopback);
  if (reading.ok) return nameOf(reading.vaultUrl);
  issues.add(`config file: ${origin}.match.vault`, reading.problem, 'the name or the address of a vault');
  return vault;
};

const ruleOf = (
  { match, reason, snoozeUntil, ignoreUntil, ...says }: RuleEntry,
  index: number,
): ConfigRule => ({
  origin: `rules[${index}]`,
  scope: namesWhole(match) ? 'one' : 'group',
  match,
  reason,
  says: { ...says, snoozeUntilEpochMs: snoozeUntil, ignoreUntilEpochMs: ignoreUntil },
});
