import type { AuthorizationServer } from '../../ports/authorizationServer.ts';
import type { ClientAuthenticationSource } from '../../ports/clientAuthenticationSource.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ControlStore } from '../../ports/controlStore.ts';
import type { OrphanSink } from '../../ports/orphanSink.ts';
import type { RefreshWatchdog } from '../../ports/refreshWatchdog.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { TokenSeal } from '../../ports/tokenSeal.ts';
import type { TokenStore } from '../../ports/tokenStore.ts';

/** Everything outside that a refresh touches. */
export interface RefreshPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly control: ControlStore;
  readonly vault: TokenStore;
  readonly seal: TokenSeal;
  readonly watchdog: RefreshWatchdog;
  readonly orphans: OrphanSink;
  readonly server: AuthorizationServer;
  readonly clientAuthentication: ClientAuthenticationSource;
  /** Id of the deployment that this worker belongs to; absent: it was given none. */
  readonly deployment?: string | undefined;
  /** A text that no other call ever gave, and nobody can guess: attempt ids and salts. */
  readonly newId: () => string;
}
