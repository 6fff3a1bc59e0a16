import type { LogsAnswer, LogsQuery } from '../azure/ports.ts';
import type { LoggedUse, UseLogs } from '../board/ports.ts';
import { ASKED_DAYS, USE_LOGS } from '../board/rules/useCalls.ts';
import type { SourceName } from '../credentials/sources.ts';
import { permanentFailure } from '../kernel/failure.ts';
import { guidOf } from '../kernel/guid.ts';

/** Who used what, by the logs of a workspace. @param ownClientIds whose calls are none: the identities of Keywatch */
export const useLogs = (logs: LogsQuery, ownClientIds: readonly (string | undefined)[]): UseLogs => ({
  async read(source) {
    const { table, calls } = USE_LOGS[source];
    // Nothing but a GUID may stand in the query.
    const own = ownClientIds.flatMap((id) => guidOf(id) ?? []).map((id) => `"${id}"`);
    const ask = async (rest: string) => {
      const query = `${calls.replaceAll('ago(2d)', `ago(${ASKED_DAYS}d)`)}Calls\n${rest}`;
      const answer = await logs.run(query, `P${ASKED_DAYS}D`);
      if (answer.ok && answer.incomplete === undefined) return answer;
      const why = answer.ok ? answer.incomplete : answer.message;
      return {
        ok: false as const,
        code: `${table}_${answer.ok ? 'partial' : answer.code}`,
        retryable: answer.ok || answer.retryable,
        message: `Who uses which credential is not known, because the workspace with ${table} gives no whole answer: ${why}`,
        action: answer.ok ? 'Name a workspace of its own for fewer vaults.' : answer.action,
        ...(isTableAbsent(answer) ? wordsForAbsent(source, 'KEYWATCH_USE_WORKSPACE_ID') : {}),
        ...(answer.ok ? {} : { httpStatus: answer.httpStatus, cause: answer.cause }),
      };
    };
    const seen = await ask('| distinct Log, Day = bin(UsedAt, 1d)');
    if (!seen.ok) return seen;
    const isOther = own.length === 0 ? '' : ` and AppId !in (${own.join(', ')})`;
    const used = await ask(
      `| where IsUse${isOther}\n| summarize LastUsed = max(UsedAt) by Object, AppId, ObjectId, Resource`,
    );
    if (!used.ok) return used;
    if (used.rows.some(({ Object: object }) => object === ''))
      return permanentFailure({
        code: `${table}_unreadable`,
        message: `${table} has calls whose object cannot be read, so nobody can tell what is unused.`,
        action: 'Report this as a defect of Keywatch, with Id and RequestUri of such a call.',
      });
    const days = new Map<string, number[]>();
    for (const { Log: log, Day: day } of seen.rows)
      if (typeof log === 'string' && typeof day === 'number') days.set(log, [...(days.get(log) ?? []), day]);
    return { ok: true, days, uses: used.rows.flatMap((row) => useOf(row)) };
  },
});

export const isTableAbsent = (answer: LogsAnswer): boolean => !answer.ok && answer.code === 'table_absent';

/** @param setting names the workspace */
export const wordsForAbsent = (source: SourceName, setting: string) => {
  const { table, bringsIt } = USE_LOGS[source];
  return {
    message: `The workspace has no table ${table}.`,
    action: `Let the logs be sent there (${bringsIt}), or name their workspace in ${setting}.`,
  };
};

const useOf = (row: Readonly<Record<string, unknown>>): LoggedUse[] => {
  const { Object: object, LastUsed: lastEpochMs, AppId: appId, ObjectId: objectId, Resource: resource } = row;
  if (typeof object !== 'string' || typeof lastEpochMs !== 'number') return [];
  // Ids alone: whatever else a log writes there could be the name of a person.
  const ids = { appId: guidOf(appId), objectId: guidOf(objectId) };
  return [
    {
      object,
      ...ids,
      resource: typeof resource === 'string' && resource !== '' ? resource : undefined,
      lastEpochMs,
    },
  ];
};
