import { answer, inputOf } from './childProcess.ts';
import { memoryOf } from './cost.ts';
import { LISTERS, type ListerName } from './listers.ts';

/** One way of listing, once, in a process of its own. */
export interface ListInput {
  readonly lister: ListerName;
  readonly token: string;
  /** Gone through first, so that loading the SDKs is not measured. */
  readonly warmUpUrls: readonly string[];
  readonly urls: readonly string[];
  readonly collectEveryMs?: number;
}

const { lister, token, warmUpUrls, urls, collectEveryMs } = inputOf<ListInput>();
const list = LISTERS[lister];
await list(warmUpUrls, token);
const { result: secrets, ...cost } = await memoryOf(() => list(urls, token), collectEveryMs);
const listed = { secrets, ...cost };
export type ListResult = typeof listed;
await answer(listed);
process.exit();
