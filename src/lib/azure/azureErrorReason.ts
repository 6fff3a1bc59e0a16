import type { Failure } from '../kernel/failure.ts';

/** Why a request to an Azure service failed, as a stable code for alerts. */
export type AzureErrorReason =
  | 'forbidden'
  | 'unauthorized'
  | 'not_found'
  | 'throttled'
  | 'timeout'
  | 'tls'
  | 'connection'
  | 'server_error'
  /** An answer was cut short, cannot be read, or looks for its next page elsewhere. */
  | 'malformed_answer'
  /** The service, or the client itself, refuses the request as such. */
  | 'rejected';

/** A failure of a request to an Azure service that is no store of ours. */
export interface AzureFailure extends Failure {
  readonly reason: AzureErrorReason;
}

/** What a service answers: that it did it, with what was found where something was, or why not. */
export type AzureAnswer<Found extends object = object> = ({ readonly ok: true } & Found) | AzureFailure;

/** How a listing ended. One that failed stopped half-way: what was handed over until then is not the whole. */
export type PagedListing<F extends Failure = AzureFailure> = { readonly pages: number } & (
  | { readonly ok: true }
  | { readonly ok: false; readonly failure: F }
);
