import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { ScanRequest } from '../rules/scanRequest.ts';

/** Hands the scan of a vault to a worker: delivered at least once, in no order. Never rejects. */
export interface ScanDispatch {
  send(request: ScanRequest): Promise<{ readonly ok: true } | StoreFailure>;
}
