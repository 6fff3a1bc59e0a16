import type { CredentialKind } from '../../credentials/kinds.ts';
import { type ConfigRule, namesWhole } from './configRule.ts';
import { isSame, matchesName, partsOf } from './namePattern.ts';

/** The rules that are for one vault, made ready for every object of it. */
export interface VaultRules {
  /** Those that match an object, most exact first, whoever owns it. */
  matching(object: { readonly kind: CredentialKind; readonly name: string }): readonly ConfigRule[];
}

export interface NamedVault {
  readonly name: string;
  readonly url: string;
}

export const isForVault = ({ match: { vault } }: ConfigRule, { name, url }: NamedVault): boolean =>
  vault === undefined || isSame(vault, name) || isSame(vault, url);

/** @param rules most exact first. @returns absent where none is for the vault */
export const vaultRules = (rules: readonly ConfigRule[], vault: NamedVault): VaultRules | undefined => {
  const meant = rules.filter((rule) => isForVault(rule, vault));
  if (meant.length === 0) return undefined;
  // One look-up for all rules that name a credential whole: there may be hundreds, and hundreds of thousands of objects.
  const whole = new Map<string, ConfigRule[]>();
  const others: { readonly rule: ConfigRule; readonly parts: readonly string[] }[] = [];
  for (const rule of meant) {
    const { name = '*' } = rule.match;
    const key = name.toLowerCase();
    if (namesWhole(rule.match)) whole.set(key, [...(whole.get(key) ?? []), rule]);
    else others.push({ rule, parts: partsOf(name) });
  }
  return {
    matching(object) {
      const name = object.name.toLowerCase();
      const found: ConfigRule[] = [];
      const add = (rule: ConfigRule): void => {
        if (rule.match.kind === undefined || rule.match.kind === object.kind) found.push(rule);
      };
      for (const rule of whole.get(name) ?? []) add(rule);
      for (const { rule, parts } of others) if (matchesName(parts, name)) add(rule);
      return found;
    },
  };
};

/** Whether a rule that matches an object is for whoever owns it. */
export const isForOwner = ({ match }: ConfigRule, owner: string | undefined): boolean =>
  match.owner === undefined || (owner !== undefined && isSame(match.owner, owner));
