import type { SourceName } from '../credentials/sources.ts';
import type { Clock } from '../kernel/clock.ts';
import { isDailyReportDue } from '../kernel/dailyHour.ts';
import { HOUR_MS } from '../kernel/time.ts';
import type { VaultObjectKind } from '../scan/rules/credential.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import { type BoardSettings, expectedOf } from './gatherFacts.ts';
import type { LoggedUse, PieceStore, UseAnswer, UseLogs } from './ports.ts';
import { stateReader, USES_PIECE } from './readState.ts';
import { currentTargets } from './rules/coverage.ts';
import type { CredentialRecord, TargetState } from './rules/records.ts';
import { USE_LOGS } from './rules/useCalls.ts';
import {
  type LogState,
  readUses,
  type User,
  type Uses,
  unbrokenSince,
  unusedFinding,
  usageOf,
  usesText,
} from './rules/uses.ts';
import { MOST_AS_A_WHOLE, windowsOf } from './rules/windows.ts';

export interface UsesSettings extends BoardSettings {
  readonly dailyReportHourUtc: number;
  /** Objects that Keywatch itself works with, as {@link objectKeyOf} has them: others need not. */
  readonly ownObjects: ReadonlySet<string>;
  /** Applications as which Keywatch signs in to prove their credential. */
  readonly provenAppIds: ReadonlySet<string>;
}

export interface UsesPorts {
  readonly store: PieceStore;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Telemetry;
  readonly logs: UseLogs;
  readonly newId: () => string;
}

/** Where a log gave no answer, it is asked again. */
const AGAIN_AFTER_MS = HOUR_MS;

/** An object of a vault as its audit log names it. */
export const objectKeyOf = (vaultUrl: string, kind: VaultObjectKind, name: string): string =>
  `${new URL(vaultUrl).host}/${kind}s/${name}`.toLowerCase();

/** What of a log is about this credential: an object of a vault, with what is behind a certificate; a key id. */
const keysOf = ({ kind, name, version = '' }: CredentialRecord, { target }: TargetState): string[] => {
  if (kind === 'certificate')
    return (['certificate', 'secret', 'key'] as const).map((one) => objectKeyOf(target, one, name));
  return kind === 'secret' || kind === 'key' ? [objectKeyOf(target, kind, name)] : [version.toLowerCase()];
};

/**
 * Asks the logs of a workspace, once a day, who used what, and keeps the answer in the state for the board. What nobody
 * used for long is reported as a finding. Never rejects.
 */
export const recordUses = async (settings: UsesSettings, ports: UsesPorts): Promise<void> => {
  const { store, clock, telemetry, logs, newId } = ports;
  await turnOf(telemetry, 'Who uses which credential could not be found out.', async () => {
    const nowEpochMs = clock.nowEpochMs();
    const kept = await store.read(USES_PIECE);
    if (!kept.ok) return telemetry.failure(kept);
    const before = readUses(kept.piece?.text ?? '');
    if (before !== undefined && !isDue(before, nowEpochMs, settings.dailyReportHourUtc)) return;
    const reader = stateReader(store);
    const { targets: all, failure } = await reader.readIndex();
    if (failure !== undefined) return telemetry.failure(failure);
    const targets = currentTargets(all, expectedOf(settings), nowEpochMs);
    const parts = targets.flatMap(({ complete }) => complete?.parts ?? []);
    const [mostUrgent = []] = windowsOf(parts, MOST_AS_A_WHOLE);
    const { credentials } = await reader.readParts(mostUrgent);
    if (credentials.length === 0) return;
    const answers = new Map<SourceName, UseAnswer>();
    for (const source of new Set(targets.map((one) => one.source))) {
      const answer = await logs.read(source);
      answers.set(source, answer);
      if (!answer.ok) telemetry.failure(answer);
    }
    const uses = usesOf({ settings, before, targets, credentials, answers, nowEpochMs });
    const written = await store.write(USES_PIECE, usesText(uses), kept.piece?.etag);
    if (!written.ok) return written.reason === 'conflict' ? undefined : telemetry.failure(written);
    const runId = newId();
    for (const one of credentials) {
      for (const { code, detail } of unusedFinding(usageOf(uses, one, nowEpochMs), one)) {
        const { credentialId, vault, owner, runbook } = one;
        telemetry.event('keywatch.finding.observed', {
          ...{ credentialId, vault, finding: code, detail, owner, runbook, runId },
        });
      }
    }
  });
};

const isDue = ({ atEpochMs, isWhole }: Uses, nowEpochMs: number, hourUtc: number): boolean =>
  isDailyReportDue(atEpochMs, nowEpochMs, hourUtc) || (!isWhole && nowEpochMs - atEpochMs >= AGAIN_AFTER_MS);

interface Asked {
  readonly settings: UsesSettings;
  readonly before: Uses | undefined;
  readonly targets: readonly TargetState[];
  readonly credentials: readonly CredentialRecord[];
  readonly answers: ReadonlyMap<SourceName, UseAnswer>;
  readonly nowEpochMs: number;
}

const usesOf = ({ settings, before, targets, credentials, answers, nowEpochMs }: Asked): Uses => {
  const byObject = Map.groupBy(
    [...answers.values()].flatMap((answer) => (answer.ok ? answer.uses : [])),
    ({ object }) => object,
  );
  const byVault = new Map(targets.map((target) => [target.vault, target]));
  const used: Record<string, readonly User[]> = {};
  const untold: Record<string, string> = {};
  for (const one of credentials) {
    const target = byVault.get(one.vault);
    if (target === undefined) continue;
    const { credentialId, appId } = one;
    const keys = keysOf(one, target);
    if (keys.some((key) => settings.ownObjects.has(key)))
      untold[credentialId] = 'Keywatch itself works with it, and others need not';
    else if (appId !== undefined && settings.provenAppIds.has(appId.toLowerCase()))
      untold[credentialId] =
        'Keywatch proves it by signing in with it, which the log does not tell from others';
    const users = usersOf(keys.flatMap((key) => byObject.get(key) ?? []));
    // What a log said before it gave no answer is still true.
    const known = answers.get(target.source)?.ok === true ? users : (before?.used[credentialId] ?? []);
    used[credentialId] = untold[credentialId] === undefined ? known : [];
  }
  return {
    version: 1,
    atEpochMs: nowEpochMs,
    isWhole: [...answers.values()].every(({ ok }) => ok),
    logs: Object.fromEntries(
      targets.map((target) => [target.vault, logState(target, answers.get(target.source), nowEpochMs)]),
    ),
    ...{ used, untold },
  };
};

const usersOf = (uses: readonly LoggedUse[]): User[] =>
  uses.map(({ object: _, ...user }) => user).toSorted((one, other) => other.lastEpochMs - one.lastEpochMs);

const logState = (target: TargetState, answer: UseAnswer | undefined, nowEpochMs: number): LogState => {
  const { table, bringsIt, logOf } = USE_LOGS[target.source];
  if (answer === undefined || !answer.ok) return { why: `${answer?.message} ${answer?.action}` };
  const sinceEpochMs = unbrokenSince(answer.days.get(logOf(target.target)) ?? [], nowEpochMs);
  if (sinceEpochMs !== undefined) return { sinceEpochMs };
  return {
    why: `${table} of the workspace has nothing of it in the last days: ${bringsIt}, brings it there (docs/board.md, "Used by")`,
  };
};
