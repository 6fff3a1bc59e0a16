import type { ProofOutcome } from '../credentials/proofOutcomes.ts';
import type { ApplicationSecrets } from '../directory/ports.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Failure } from '../kernel/failure.ts';
import type { HoldSecret } from '../oauth/holdingCredentials.ts';
import type { ControlStore, TokenSeal, TokenStore } from '../stores/ports.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { LastUses } from './rules/removable.ts';
import type { Rotation } from './rules/rotation.ts';

export interface ProofRequest {
  readonly rotation: Rotation;
  readonly secret: string;
  /** When the secret was made: a refusal soon after it is `settling`. Absent: nobody knows. */
  readonly madeEpochMs: number | undefined;
}

export interface SecretProof {
  /**
   * Gets one token with this secret, by one POST on a connection of its own, never from a cache. Never rejects.
   *
   * Not guaranteed: that a secret which was accepted once is known everywhere.
   */
  prove(
    request: ProofRequest,
    context: { readonly signal: AbortSignal; readonly hold: HoldSecret },
  ): Promise<{ readonly ok: true } | Failure<ProofOutcome>>;
}

/** Who still uses which secret, by the sign-in logs of the tenant. */
export interface CredentialUse {
  /**
   * When each secret of an application was last used to sign in, within so many days before now. Never rejects.
   * `undefined`: nobody can say, because the logs show no sign-in of that application at all.
   *
   * Not guaranteed: that the last minutes to hours are in it.
   */
  lastUses(
    appId: string,
    days: number,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly lastUses: LastUses | undefined } | Failure>;
}

/** Everything outside that a rotation touches. */
export interface RotationPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly control: ControlStore;
  readonly vault: Pick<TokenStore, 'readLatest' | 'write'>;
  readonly seal: TokenSeal;
  readonly directory: ApplicationSecrets;
  readonly proof: SecretProof;
  /** Absent: nobody can tell, and the set time decides alone. */
  readonly use?: CredentialUse | undefined;
  /** A text that no other call ever gave: attempt ids. */
  readonly newId: () => string;
}
