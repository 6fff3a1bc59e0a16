import type { Clock } from '../../kernel/clock.ts';
import type { AuthorizationServer } from '../../oauth/ports/authorizationServer.ts';
import type { ClientCredentialStore } from '../../oauth/ports/clientCredentialStore.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { ControlStore } from './controlStore.ts';
import type { FallbackStore } from './fallbackStore.ts';
import type { RefreshWatchdog } from './refreshWatchdog.ts';
import type { TokenSeal } from './tokenSeal.ts';
import type { TokenStore } from './tokenStore.ts';

/** Everything outside that a refresh touches. */
export interface RefreshPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly control: ControlStore;
  readonly vault: TokenStore;
  readonly seal: TokenSeal;
  readonly watchdog: RefreshWatchdog;
  readonly fallback: FallbackStore;
  readonly server: AuthorizationServer;
  readonly clientCredentials: ClientCredentialStore;
  /** Id of the deployment that this worker belongs to; absent: it was given none. */
  readonly deployment?: string | undefined;
  /** A text that no other call ever gave, and nobody can guess: attempt ids and salts. */
  readonly newId: () => string;
}
