import { randomUUID } from 'node:crypto';
import { REFRESH_JOB } from '../credentials/jobs.ts';
import type { Clock } from '../kernel/clock.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { AuthorizationServer } from '../oauth/ports.ts';
import { type ConfiguredGrant, type Grant, grantSubject } from '../oauth/rules/grant.ts';
import type { ProviderProfile } from '../oauth/rules/providerProfile.ts';
import { forgettingWhenSent } from '../telemetry/forgetWhenSent.ts';
import type { SecretRegister } from '../telemetry/secretRegister.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import { type AccessTokenView, openAccessToken, readAccessToken } from './accessTokens.ts';
import {
  type Connectable,
  type ConnectOutcome,
  type Consent,
  connectGrant,
  mayConnect,
} from './connectGrant.ts';
import { explainObserved, explainRefresh, type RefreshExplanation } from './explainRefresh.ts';
import { type EvidenceReading, openEvidence } from './openEvidence.ts';
import type { RefreshDispatch, RefreshPorts } from './ports.ts';
import { type DueGrantsSummary, refreshDueGrants } from './refreshDueGrants.ts';
import { refreshGrant } from './refreshGrant.ts';
import type { RefreshOutcome } from './refreshOutcome.ts';
import { registeringSecrets } from './registeringSecrets.ts';
import type { AccessTokenWish } from './rules/accessToken.ts';
import type { KeptAccessToken } from './rules/controlRecord.ts';
import { readRefreshMessage } from './rules/refreshMessage.ts';

export type { AccessTokenView } from './accessTokens.ts';
export type { Connectable, ConnectOutcome, Consent, KnownConsent } from './connectGrant.ts';
export type { RefreshOutcome } from './refreshOutcome.ts';
export type { AccessTokenWish } from './rules/accessToken.ts';
export type { KeptAccessToken } from './rules/controlRecord.ts';

/** What the refresher works with. */
export interface RefresherPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly secrets: SecretRegister;
  /** Absent where no grant is refreshed. */
  readonly refresh: (RefreshPorts & { readonly dispatch: RefreshDispatch }) | undefined;
}

export interface RefresherSettings {
  readonly grants: readonly ConfiguredGrant[];
  /** Whether a value is a name of the configuration: nobody may make one a secret. */
  readonly isConfiguredName: (value: string) => boolean;
  /** Tries a new access token, once its grant is stored and reported; nothing that comes of it concerns the refresh. */
  readonly proveToken?: (grant: Grant, profile: ProviderProfile, accessToken: string) => Promise<void>;
  /** Aborted: from now on nothing is sent to a token endpoint; what was sent comes to its end. */
  readonly ending?: AbortSignal | undefined;
}

/** What triggers and commands may ask about grants. */
export interface Refresher {
  /** What a run of the refresh timer does: one message per grant that is due, and the heartbeat. */
  startRun(
    secondsToNextRun: number,
    /** Of the schedule, to be reported; absent where nobody knows. */
    periodSeconds?: number,
  ): Promise<DueGrantsSummary>;
  /** Works on the grant of one message. A grant that the configuration no longer names is left alone. */
  refresh(message: unknown): Promise<RefreshOutcome | undefined>;
  /** What is known of a grant's access token, without its lease; absent: none of this grant is handed out. */
  readAccessToken(grantId: string): Promise<StoreAnswer<{ readonly view: AccessTokenView }> | undefined>;
  /** Opens one that was read. Until it is forgotten it leaves in no telemetry. */
  openAccessToken(
    grantId: string,
    kept: Pick<KeptAccessToken, 'envelope'>,
  ): Promise<StoreAnswer<{ readonly accessToken: string; readonly forget: () => void }>>;
  /** Works on a grant unless its access token serves. Resolves when it is on record, before all of it is reported. */
  refreshAccessToken(grantId: string, wish: AccessTokenWish): Promise<RefreshOutcome | undefined>;
  /** Whether a person's new consent for this grant could be kept now; absent: Keywatch does not refresh it. */
  mayConnect(grantId: string): Promise<Connectable | undefined>;
  /** Takes in a person's new consent; absent: Keywatch does not refresh that grant. */
  connect(grantId: string, consent: Consent): Promise<ConnectOutcome | undefined>;
  /** Says what would be done with one grant, and why. Spends and writes nothing. */
  explain(grantId: string): Promise<RefreshExplanation>;
  /** Whether a refresh is in flight. */
  isBusy(): boolean;
  /** What came for a grant and could not be read; absent: Keywatch does not refresh it. Spends nothing. */
  openEvidence(grantId: string): Promise<EvidenceReading | undefined>;
  /** Resolves when no refresh is in flight, and all that came of them is stored and reported. */
  settled(): Promise<void>;
}

const NOTHING: DueGrantsSummary = { looked: 0, sent: [], left: 0, failed: 0 };

/** The refresh of what the settings name, over these ports. */
export const createRefresher = (
  { grants, isConfiguredName, proveToken, ending }: RefresherSettings,
  { clock, telemetry, secrets, refresh: ports }: RefresherPorts,
): Refresher => {
  const inFlight = new Set<Promise<unknown>>();
  const forgetWhenSent = forgettingWhenSent(telemetry);

  /** All that the refresh is for is done by then. */
  const tryToken = async (grant: Grant, profile: ProviderProfile, accessToken: string): Promise<void> => {
    const message = `The new access token of grant ${grant.id} could not be tried.`;
    await turnOf(
      telemetry,
      message,
      async () => proveToken?.(grant, profile, accessToken),
      grantSubject(grant),
    );
  };

  const refreshedGrant = (grantId: string): ConfiguredGrant | undefined =>
    grants.find(({ grant }) => grant.id === grantId && grant.mode === 'refreshed');

  const tryStored = async (
    { grant, profile }: ConfiguredGrant,
    outcome: ConnectOutcome,
    accessToken: string | undefined,
  ): Promise<void> => {
    const isProven = grant.prove === true && outcome.kind === 'refreshed';
    if (isProven && accessToken !== undefined) await tryToken(grant, profile, accessToken);
  };

  /** Whatever the ports hand over meanwhile leaves in no telemetry. */
  const withSecrets = async <T>(
    given: RefreshPorts,
    work: (ports: RefreshPorts) => Promise<T>,
  ): Promise<T> => {
    const registering = registeringSecrets(given, secrets, isConfiguredName);
    try {
      return await work(registering.ports);
    } finally {
      await forgetWhenSent(registering.forget);
    }
  };

  const connectOne = async (grantId: string, consent: Consent): Promise<ConnectOutcome | undefined> => {
    const configured = refreshedGrant(grantId);
    if (configured === undefined || ports === undefined) return undefined;
    return withSecrets(ports, async (registered) => {
      let accessToken: string | undefined;
      const outcome = await connectGrant(registered, configured, {
        ...consent,
        async exchange(call) {
          const exchanged = await consent.exchange(call);
          if (exchanged.ok) accessToken = exchanged.answer.accessToken;
          return exchanged;
        },
      });
      await tryStored(configured, outcome, accessToken);
      return outcome;
    });
  };

  const refreshOne = async (
    { grantId, trigger }: ReturnType<typeof readRefreshMessage>,
    wish?: AccessTokenWish,
    ended: (outcome: RefreshOutcome) => void = () => undefined,
  ): Promise<RefreshOutcome | undefined> => {
    const configured = refreshedGrant(grantId);
    if (configured === undefined || ports === undefined) return undefined;
    return withSecrets(ports, async (registered) => {
      let accessToken: string | undefined;
      const server: AuthorizationServer = {
        async refresh(call) {
          const answer = await registered.server.refresh(call);
          if (answer.kind === 'tokens') accessToken = answer.accessToken;
          return answer;
        },
      };
      const request = { ...configured, trigger, wish, stop: ending };
      const outcome = await refreshGrant({ ...registered, server }, request);
      ended(outcome);
      await tryStored(configured, outcome, accessToken);
      return outcome;
    });
  };

  /** Until it has ended, the process must not. */
  const inProgress = <T>(running: Promise<T>): Promise<T> => {
    inFlight.add(running);
    const done = () => inFlight.delete(running);
    running.then(done, done);
    return running;
  };

  return {
    async startRun(secondsToNextRun, periodSeconds) {
      const startedMs = clock.monotonicMs();
      const summary =
        ports === undefined
          ? NOTHING
          : await refreshDueGrants(ports, { grants, periodSeconds: secondsToNextRun });
      telemetry.event('keywatch.run.completed', {
        job: REFRESH_JOB,
        runId: randomUUID(),
        mode: 'timer',
        outcome: summary.failed === 0 ? 'complete' : 'failed',
        reason: summary.failed === 0 ? undefined : 'grants_failed',
        objects: summary.looked,
        pages: 0,
        periodSeconds,
        durationMs: clock.monotonicMs() - startedMs,
      });
      return summary;
    },
    async openEvidence(grantId) {
      return refreshedGrant(grantId) && ports ? openEvidence(ports, grantId) : undefined;
    },
    refresh: (message) => inProgress((async () => refreshOne(readRefreshMessage(message)))()),
    async readAccessToken(grantId) {
      const isHandedOut = refreshedGrant(grantId)?.grant.accessTokens !== undefined;
      return isHandedOut && ports !== undefined ? readAccessToken(ports, grantId) : undefined;
    },
    async openAccessToken(grantId, kept) {
      if (ports === undefined) throw new Error('nothing was read that could be opened');
      const { ports: registered, forget } = registeringSecrets(ports, secrets, isConfiguredName);
      const opened = await openAccessToken(registered, grantId, kept);
      return opened.ok ? { ...opened, forget } : opened;
    },
    refreshAccessToken: (grantId, wish) =>
      new Promise((resolve, reject) => {
        const asked = { grantId, trigger: 'access_token' } as const;
        inProgress(refreshOne(asked, wish, resolve)).then(resolve, reject);
      }),
    async mayConnect(grantId) {
      const configured = refreshedGrant(grantId);
      return configured && ports && withSecrets(ports, (registered) => mayConnect(registered, configured));
    },
    connect: (grantId, consent) => inProgress(connectOne(grantId, consent)),
    async explain(grantId) {
      const configured = grants.find(({ grant }) => grant.id === grantId);
      if (configured === undefined) throw new Error(`grant ${grantId} is not configured`);
      return ports === undefined ? explainObserved(grantId) : explainRefresh(ports, configured);
    },
    isBusy: () => inFlight.size > 0,
    async settled() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
};
