import { retryAfterMsOf } from '../../azure/retryAfter.ts';
import type { Clock } from '../../kernel/clock.ts';
import { eachOf } from '../../kernel/eachOf.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { type GraphClient, LOW_PRIORITY } from './graphClient.ts';
import { BatchItemError, isLost, UnreadableAnswerError } from './graphErrors.ts';

/** The most that one batch takes. @see https://learn.microsoft.com/graph/json-batching */
export const BATCH_SIZE = 20;
const AT_A_TIME = 4;
const MOST_ROUNDS = 4;
const FIRST_DELAY_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export interface BatchPorts {
  readonly graph: GraphClient;
  readonly clock: Pick<Clock, 'nowEpochMs' | 'sleep'>;
  /** Whether answers are worth something where others are refused or never come: then those are absent, unless all are. */
  readonly isPartEnough?: boolean;
}

/**
 * Asks one question of each key, 20 to a request. Each answer of a batch has a status of its own, so what is
 * throttled or fails within a good batch is asked again, after what the longest of them asks for.
 * Rejects with what {@link graphFailureOf} reads.
 * @returns the body of each answer by its key; what the directory does not have is absent
 */
export const askEach = async (
  { graph, clock, isPartEnough = false }: BatchPorts,
  urlOf: (key: string) => string,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> => {
  const found = new Map<string, Readonly<Record<string, unknown>>>();
  let refused: ItemAnswer | undefined;
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH_SIZE) }, (_, index) =>
    keys.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  );
  await eachOf(batches, AT_A_TIME, async (batch) => {
    let open: readonly string[] = batch;
    for (let round = 1; open.length > 0; round += 1) {
      const { json } = await graph.ask('/$batch', { requests: open.map(requestOf(urlOf)) }, signal);
      const answers = answersOf(json);
      const again: { readonly key: string; readonly answer: ItemAnswer }[] = [];
      for (const [index, key] of open.entries()) {
        const answer = answers.get(String(index));
        if (answer === undefined)
          throw new UnreadableAnswerError('a batch left a question without an answer');
        if (answer.status === 200) found.set(key, answer.body);
        else if (isPassing(answer) && !(isPartEnough && isBroken(answer.status, round)))
          again.push({ key, answer });
        else if (answer.status !== 404) {
          if (!isPartEnough) throw errorOf(answer);
          refused = answer;
        }
      }
      const [worst] = again;
      if (worst !== undefined && round === MOST_ROUNDS) throw errorOf(worst.answer);
      if (worst !== undefined) {
        const asked = again.map(({ answer }) => retryAfterMsOf(answer.headers, clock.nowEpochMs()) ?? 0);
        const waitMs = Math.max(...asked, FIRST_DELAY_MS * 2 ** (round - 1));
        await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), signal);
      }
      open = again.map(({ key }) => key);
    }
  });
  if (refused !== undefined && found.size === 0) throw errorOf(refused);
  return found;
};

const requestOf = (urlOf: (key: string) => string) => (key: string, index: number) => ({
  id: String(index),
  method: 'GET',
  url: urlOf(key),
  headers: LOW_PRIORITY,
});

interface ItemAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  readonly body: Readonly<Record<string, unknown>>;
}

/** By the id of the question: answers come in any order. */
const answersOf = ({ responses }: Readonly<Record<string, unknown>>): ReadonlyMap<string, ItemAnswer> => {
  const answers = new Map<string, ItemAnswer>();
  for (const one of Array.isArray(responses) ? responses.filter(isRecord) : []) {
    const { id, status, headers, body } = one;
    if (typeof id !== 'string' || typeof status !== 'number') continue;
    const isUnreadable = status === 200 && !isRecord(body);
    if (isUnreadable) throw new UnreadableAnswerError('an answer of a batch is no JSON object');
    answers.set(id, { status, headers: headersOf(headers), body: isRecord(body) ? body : {} });
  }
  return answers;
};

const headersOf = (given: unknown): ItemAnswer['headers'] => {
  const headers = new Map(
    Object.entries(isRecord(given) ? given : {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return { get: (name) => headers.get(name) };
};

/**
 * An object that Graph cannot describe fails in every round, by no outage (502 to 504): it keeps nothing from the others.
 * @see https://github.com/Azure/azure-workload-identity/issues/373
 */
const isBroken = (status: number, round: number): boolean =>
  (status === 500 || status === 404) && round === MOST_ROUNDS;

const codeOf = ({ body: { error } }: ItemAnswer): string => String((isRecord(error) && error['code']) || '');

const errorOf = (answer: ItemAnswer): BatchItemError => new BatchItemError(answer.status, codeOf(answer));

const isPassing = (answer: ItemAnswer): boolean => {
  const { status } = answer;
  return status === 429 || status === 408 || status >= 500 || isLost(status, codeOf(answer));
};
