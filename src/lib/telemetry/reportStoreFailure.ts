import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { Telemetry } from './telemetry.ts';

/** Reports a store that did not do what it was asked, where no single credential is concerned. */
export const reportStoreFailure = (
  telemetry: Pick<Telemetry, 'exception'>,
  { store, code, permanence, detail, cause }: StoreFailure,
  action: string,
): void => telemetry.exception({ code: `${store}_${code}`, permanence, message: detail, action, cause });
