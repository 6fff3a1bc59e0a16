import { isRecord } from '../../kernel/isRecord.ts';
import { jsonObjectOf, jsonOf } from '../../kernel/json.ts';
import { printable } from '../../kernel/printable.ts';
import type { LogsAnswer, LogsColumn, LogsRow } from '../ports.ts';

/** `error.code` and the messages of an error and of what is nested in it, outermost first. */
export interface LogsError {
  readonly codes: readonly string[];
  readonly messages: readonly string[];
}

interface Body {
  readonly columns: readonly LogsColumn[];
  readonly rows: readonly LogsRow[];
  readonly error: LogsError | undefined;
}

const TOO_LARGE = /E_QUERY_RESULT_SET_TOO_LARGE|exceed(?:s|ed)? (?:the|its)?.{0,40}limit/i;
/** The engine's number for the same, which comes without the name. */
const TOO_LARGE_CODE = '-2133196797';

/**
 * Reads an answer of the Logs query API; absent when it is none. An answer with status 200 may hold an
 * error beside its tables: then rows are missing.
 * @see https://learn.microsoft.com/azure/azure-monitor/logs/api/response-format
 */
export const readLogsAnswer = (text: string): LogsAnswer | undefined => {
  const body = readBody(text);
  if (body === undefined) return undefined;
  const { columns, rows, error } = body;
  if (error === undefined) return { ok: true, columns, rows };
  const detail = printable(error.messages.at(-1) ?? 'no reason given', 300);
  const tooLarge = error.codes.includes(TOO_LARGE_CODE) || error.messages.some((one) => TOO_LARGE.test(one));
  if (rows.length > 0) {
    const incomplete = tooLarge
      ? `Rows are missing: the result is larger than the service gives (${detail})`
      : `Rows are missing: a part of the query failed (${detail})`;
    return { ok: true, columns, rows, incomplete };
  }
  return {
    ok: false,
    code: 'partial',
    retryable: true,
    message: `the workspace answered for a part of the data only, and that held no row: ${detail}`,
    action: 'Try again; if it lasts, look at Azure Service Health for Log Analytics.',
    concernsAll: false,
  };
};

/** The error of a body, with everything that is nested in it; absent when there is none. */
export const readLogsError = (text: string): LogsError | undefined => errorOf(jsonObjectOf(text)?.['error']);

const readBody = (text: string): Body | undefined => {
  const answer = jsonObjectOf(text);
  const table = objectOf(listOf(answer?.['tables'])?.[0]);
  const columns = listOf(table?.['columns'])?.map(columnOf);
  const rows = listOf(table?.['rows']);
  if (columns === undefined || rows === undefined) return undefined;
  const known = columns.filter((column) => column !== undefined);
  if (known.length !== columns.length) return undefined;
  if (!rows.every((row) => Array.isArray(row) && row.length === known.length)) return undefined;
  return {
    columns: known,
    rows: rows.map((row) => rowOf(known, row as readonly unknown[])),
    error: errorOf(answer?.['error']),
  };
};

const columnOf = (given: unknown): LogsColumn | undefined => {
  const { name, type } = objectOf(given) ?? {};
  return typeof name === 'string' && typeof type === 'string' ? { name, type } : undefined;
};

const rowOf = (columns: readonly LogsColumn[], values: readonly unknown[]): LogsRow =>
  Object.fromEntries(columns.map(({ name, type }, index) => [name, decoded(type, values[index])]));

const decoded = (type: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  if (type === 'dynamic') return jsonOf(value) ?? value;
  if (type !== 'datetime') return value;
  const epochMs = Date.parse(value);
  return Number.isNaN(epochMs) ? value : epochMs;
};

const errorOf = (given: unknown): LogsError | undefined => {
  const error = objectOf(given);
  if (error === undefined) return undefined;
  const { code, message, innererror, details } = error;
  const nested = [innererror, ...(listOf(details) ?? [])].flatMap((inner) => errorOf(inner) ?? []);
  return {
    codes: [...textOf(code), ...nested.flatMap(({ codes }) => codes)],
    messages: [...textOf(message), ...nested.flatMap(({ messages }) => messages)],
  };
};

const textOf = (value: unknown): string[] => (typeof value === 'string' && value !== '' ? [value] : []);

const objectOf = (value: unknown) => (isRecord(value) ? value : undefined);

const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);
