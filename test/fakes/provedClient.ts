import { inspect } from 'node:util';
import type { FlowOptions } from '../../src/lib/prove/http/tokenPost.ts';
import type { ProofContext, ProofFailure, ProvedClient } from '../../src/lib/prove/ports.ts';
import { clientCredential, credentialStore } from './clientCredential.ts';
import { manualClock } from './manualClock.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';

/** Looks like a secret of Entra ID, and occurs nowhere else. */
export const CANARY = 'C4n4ry~8Q~zVb7rPq1mXw9sKdTfGh2jLyN0uEoAi';

/** A client of Entra ID that proves itself with a secret. */
export const provedClient = (change: Partial<ProvedClient> = {}): ProvedClient => ({
  id: 'crm',
  clientId: 'crm-client',
  issuer: { kind: 'entra', tenantId: 'contoso.example', authorityHost: 'login.example' },
  credential: clientCredential('client_secret_post', { clientSecret: { secretName: 'crm-secret' } }),
  scopes: ['https://graph.example/.default'],
  ...change,
});

/** What a flow is made of, and what it told. */
export const flowWorld = (change: Partial<FlowOptions> = {}) => {
  const telemetry = recordingTelemetry();
  const held: string[] = [];
  const context = (signal = new AbortController().signal): ProofContext => ({
    signal,
    hold: (value) => void held.push(value),
  });
  const options: FlowOptions = { store: credentialStore(CANARY), clock: manualClock(), telemetry, ...change };
  return { telemetry, held, context, options };
};

/** Everything that a failure shows to whoever prints it, its causes too. */
export const shownOf = (failure: ProofFailure): string =>
  `${JSON.stringify(failure)} ${inspect(failure, { depth: 20, showHidden: true, maxStringLength: null })}`;
