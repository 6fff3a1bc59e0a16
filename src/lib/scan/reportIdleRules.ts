import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { DAY_MS } from '../kernel/time.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import type { DailyReport } from './dailyReport.ts';
import type { JobRunStore } from './ports.ts';
import type { ConfigRule } from './rules/configRule.ts';
import type { Assessment } from './rules/credential.ts';
import { whyIdle } from './rules/idleRule.ts';
import { isForVault, type NamedVault } from './rules/vaultRules.ts';

interface RulePorts {
  readonly jobRuns: JobRunStore | undefined;
  readonly telemetry: Telemetry;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/** By what it matches: the same wherever it stands in the file. */
const idOf = ({ match }: ConfigRule): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(match).sort()))
    .digest('hex')
    .slice(0, 32);
const usedBy = (rule: ConfigRule): string => `rule-used:${idOf(rule)}`;
const knownSince = (rule: ConfigRule): string => `rule-known:${idOf(rule)}`;

/** Collects the rules that match something in a scan of everything, and notes them when it has ended. */
export const usedRules = ({ jobRuns, telemetry, clock }: RulePorts) => {
  const used = new Set<ConfigRule>();
  return {
    see({ judgement }: Assessment): void {
      for (const rule of judgement?.resolution.rules ?? []) used.add(rule);
    },
    /** @returns false where a use could not be noted: then the scan does not stand for all that the rules match */
    async record(): Promise<boolean> {
      for (const rule of used) {
        const written = await jobRuns?.record(usedBy(rule), clock.nowEpochMs());
        if (written?.ok !== false) continue;
        telemetry.failure(written);
        return false;
      }
      return true;
    },
  };
};

/** The scans of one day are not all at once: a use this long before the oldest of them is no use of today. */
const SAME_DAY_MS = DAY_MS / 2;

/** Whether every vault that a rule is for was scanned whole since the rule is known, and none of it matched. */
const isUsed = (
  rule: ConfigRule,
  vaults: readonly NamedVault[],
  doneEpochMs: ReadonlyMap<string, number>,
): boolean | undefined => {
  const meant = vaults.filter((vault) => isForVault(rule, vault));
  const scanned = meant.map(({ url }) => doneEpochMs.get(url) ?? Number.NEGATIVE_INFINITY);
  const oldest = Math.min(...scanned);
  const known = doneEpochMs.get(knownSince(rule));
  if (known === undefined || (meant.length > 0 && oldest <= known)) return undefined;
  return (
    meant.length > 0 && (doneEpochMs.get(usedBy(rule)) ?? Number.NEGATIVE_INFINITY) > oldest - SAME_DAY_MS
  );
};

interface RuleRun {
  readonly rules: readonly ConfigRule[];
  /** Every vault that is watched; `undefined` where that cannot be known now. */
  readonly vaults: () => Promise<readonly NamedVault[] | undefined>;
  readonly dailyReports: DailyReport;
  readonly lastRunEpochMs: number | undefined;
  readonly runId: string;
}

/** Of the daily report; no vault is called so. */
const CONFIG_RULES = 'config-rules';

/** Reports, once a day, the rules of the config that do nothing. What it throws is reported and breaks nothing else. */
export const reportIdleRulesDaily = async (
  { jobRuns, telemetry, clock }: RulePorts,
  { rules, vaults, dailyReports, lastRunEpochMs, runId }: RuleRun,
): Promise<void> => {
  if (rules.length === 0) return;
  await turnOf(telemetry, 'The daily check of the rules of the config failed.', async () => {
    const isDue = await dailyReports.whatIsDue(lastRunEpochMs);
    if (!isDue(CONFIG_RULES)) return;
    const ended = await dailyReports.startReport(CONFIG_RULES);
    const watched = await vaults();
    const reading = await jobRuns?.read();
    if (reading?.ok === false) {
      telemetry.failure(reading);
      return ended('some');
    }
    const doneEpochMs = reading?.doneEpochMs ?? new Map<string, number>();
    for (const rule of rules) {
      const nowEpochMs = clock.nowEpochMs();
      if (!doneEpochMs.has(knownSince(rule))) await jobRuns?.record(knownSince(rule), nowEpochMs);
      const detail = whyIdle(rule, watched && isUsed(rule, watched, doneEpochMs), nowEpochMs);
      if (detail === undefined) continue;
      telemetry.event('keywatch.finding.observed', {
        credentialId: `config/${rule.origin}`,
        vault: rule.match.vault ?? 'every vault',
        finding: 'idle_rule',
        detail,
        owner: 'Keywatch itself',
        runId,
      });
    }
    await ended(watched === undefined ? 'some' : 'all');
  });
};
