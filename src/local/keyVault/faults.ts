/** What happens instead of, or before, the ordinary answer. */
export type FaultAction =
  /** Any answer at all: a status with Key Vault's envelope, or `body` as it stands. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly code?: string;
      readonly innerCode?: string;
      readonly body?: string;
    }
  /** Breaks the connection before anything was done. */
  | { readonly kind: 'drop_before_commit' }
  /** Does what was asked, then breaks the connection without an answer. */
  | { readonly kind: 'drop_after_commit' }
  /** Promises the whole answer, sends half of it, breaks the connection. */
  | { readonly kind: 'truncate' }
  /** Never answers; the connection stays open until the client or the stand-in gives up. */
  | { readonly kind: 'hang' };

export interface Fault {
  readonly match?: {
    readonly method?: string;
    /** A string is compared with the path, a pattern is searched for in path and query. */
    readonly path?: string | RegExp;
  };
  /** How many matching requests pass unharmed first; 0 by default. */
  readonly skip?: number;
  /** How many requests it hits; 1 by default. */
  readonly times?: number;
  /** Called whenever it hits, before anything else happens. */
  readonly onHit?: () => void;
  readonly action: FaultAction;
}

export interface InjectedFault {
  readonly hits: () => number;
  readonly remove: () => void;
}

/**
 * Faults on demand. The bare first request of every SDK client, which is always answered with the
 * challenge, is never hit: only requests that carry a good token are.
 */
export interface Faults {
  inject(fault: Fault): InjectedFault;
}

export interface FaultedRequest {
  readonly method: string;
  readonly path: string;
  readonly search: string;
}

export interface FaultTable extends Faults {
  /** Takes the action for a request, of the first fault that matches it and is not used up. */
  take(request: FaultedRequest): FaultAction | undefined;
}

export const createFaultTable = (): FaultTable => {
  let entries: { fault: Fault; seen: number; hits: number }[] = [];
  return {
    inject(fault) {
      const entry = { fault, seen: 0, hits: 0 };
      entries.push(entry);
      return {
        hits: () => entry.hits,
        remove: () => {
          entries = entries.filter((other) => other !== entry);
        },
      };
    },
    take(request) {
      for (const entry of entries) {
        if (!matches(entry.fault, request)) continue;
        entry.seen += 1;
        if (entry.seen <= (entry.fault.skip ?? 0) || entry.hits >= (entry.fault.times ?? 1)) continue;
        entry.hits += 1;
        entry.fault.onHit?.();
        return entry.fault.action;
      }
      return undefined;
    },
  };
};

const matches = ({ match = {} }: Fault, { method, path, search }: FaultedRequest): boolean =>
  (match.method === undefined || match.method === method) &&
  (match.path === undefined ||
    (typeof match.path === 'string' ? match.path === path : match.path.test(path + search)));
