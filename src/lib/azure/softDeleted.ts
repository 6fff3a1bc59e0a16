import type { StoreFailure } from '../kernel/storeFailure.ts';
import { type StoreCall, storeFailure } from './storeFailures.ts';

/**
 * A read answers 404 for what never was, and for what is soft-deleted and has to be recovered before anything can be
 * written under its name: only the list of the deleted tells them apart. Whoever may not look there keeps the 404.
 * @param lookUp asks for the deleted object of that name, and rejects where there is none
 */
export const unlessSoftDeleted = async (
  failure: StoreFailure,
  call: Pick<StoreCall, 'store' | 'what' | 'actions'>,
  lookUp: () => Promise<unknown>,
): Promise<StoreFailure> => {
  if (failure.reason !== 'not_found') return failure;
  try {
    await lookUp();
  } catch {
    return failure;
  }
  const { cause } = failure;
  return { ...storeFailure(call, 'deleted', 'it is soft-deleted and waits to be recovered'), cause };
};
