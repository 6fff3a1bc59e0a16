import type { Clock } from '../kernel/clock.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { AuthorizationServer, ClientCredentialStore } from '../oauth/ports.ts';
import type { ControlStore, TicketStore, TokenSeal, TokenStore } from '../stores/ports.ts';
import type { SealedEnvelope } from '../stores/rules/sealedEnvelope.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { RefreshMessage } from './rules/refreshMessage.ts';

/** A sealed token that has no other place. */
export interface KeptEnvelope {
  /** Names it for `remove`; unique in the sink. */
  readonly id: string;
  readonly envelope: SealedEnvelope;
}

/** A bounded part of what the sink holds for a grant. */
export interface FallbackPage {
  readonly fallback: readonly KeptEnvelope[];
  /** For the next page. Absent: there is none. */
  readonly next: string | undefined;
}

/**
 * The third place for a rotated token: used when vault and control store both refuse, and for a token
 * that lost to a newer one and may be wanted back. It has to fail independently of both (another
 * storage account, better in another region). Holds ciphertext only.
 *
 * Guaranteed: what was acknowledged is durable and listed until removed, or until whoever runs the store
 * clears it out by age. Pages come with the highest sequence number first.
 *
 * Not guaranteed: order within a page, that an envelope is one of ours, and that a put without
 * acknowledgement left nothing behind.
 */
export interface FallbackStore {
  put(grantId: string, envelope: SealedEnvelope): Promise<StoreAnswer>;
  /**
   * One page of the envelopes above a sequence number; lower ones may be among them.
   * @param from `next` of the page before; absent: the first page
   */
  list(grantId: string, aboveSeq: number, from?: string): Promise<StoreAnswer<FallbackPage>>;
  remove(grantId: string, id: string): Promise<StoreAnswer>;
}

/**
 * Hands a grant to a worker.
 *
 * Guaranteed: delivered at least once, not before `delaySeconds`, and not for the first time later than
 * `lapsesAfterSeconds` by the queue's own clock (absent: within days): what nobody took until then is
 * gone. Not guaranteed: order, exactly once, or that only one worker has a message for a grant. A
 * message that is sent twice is harmless; one that lapsed is sent again by the timer.
 */
export interface RefreshDispatch {
  send(message: RefreshMessage, delaySeconds: number, lapsesAfterSeconds?: number): Promise<StoreAnswer>;
}

/**
 * A message to ourselves that arrives later: "look whether this grant's refresh ended". It is what
 * brings a second worker inside a provider's grace window after the first one crashed.
 *
 * Guaranteed: an acknowledged message is delivered at least once, not before `delaySeconds`.
 *
 * Not guaranteed: exactly once, nor soon after the delay. It cannot be called back: it arrives
 * after a refresh that went well too, and must then find nothing to do.
 */
export interface RefreshWatchdog {
  arm(grantId: string, delaySeconds: number): Promise<StoreAnswer>;
}

/**
 * Sealed secrets, one document a grant, for tokens that change too often for a vault: in the storage account of the
 * fallback store, so that it fails independently of the control records. Replaced as a whole, and only as it was read.
 */
export type SealedSecretStore = Pick<TicketStore, 'put' | 'read' | 'replace'>;

/** Everything outside that a refresh touches. */
export interface RefreshPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly control: ControlStore;
  readonly vault: TokenStore;
  readonly seal: TokenSeal;
  readonly watchdog: RefreshWatchdog;
  readonly fallback: FallbackStore;
  /** Absent: every token is kept in the vault. */
  readonly sealed?: SealedSecretStore | undefined;
  readonly server: AuthorizationServer;
  readonly clientCredentials: ClientCredentialStore;
  /** Id of the deployment that this worker belongs to; absent: it was given none. */
  readonly deployment?: string | undefined;
  /** A text that no other call ever gave, and nobody can guess: attempt ids and salts. */
  readonly newId: () => string;
}
