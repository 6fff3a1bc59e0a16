import { clientCredentialId } from '../credentials/credentialIds.ts';
import { PROOF_OUTCOMES, type ProofOutcome } from '../credentials/proofOutcomes.ts';
import type { Failure } from '../kernel/failure.ts';
import { vaultNameOf } from '../kernel/vaultUrl.ts';
import type { CredentialObject } from '../oauth/clientAuthentication/clientCredential.ts';
import type { ProofFailure, ProvedClient } from './ports.ts';

/** Host, and port where it is not the usual one, that the client gets its tokens from. */
export const issuerHostOf = ({ issuer }: Pick<ProvedClient, 'issuer'>): string => {
  if (issuer.kind === 'entra') return issuer.authorityHost;
  return URL.canParse(issuer.tokenEndpoint) ? new URL(issuer.tokenEndpoint).host : 'its token endpoint';
};

/** Where in Key Vault a credential is, in words; empty where it is not there. */
export const placesOf = (objects: readonly CredentialObject[]): string =>
  objects.map(({ kind, name, vaultUrl }) => `${kind} ${name} of ${vaultNameOf(vaultUrl)}`).join(' and ');

const heldIn = ({ credential: { objects } }: ProvedClient): string =>
  objects.length === 0 ? '' : ` Keywatch uses ${placesOf(objects)}.`;

type Said = Pick<
  ProofFailure,
  'httpStatus' | 'oauthError' | 'numbers' | 'requestId' | 'retryAfterSeconds' | 'cause'
> & {
  /** What was seen, as the part of a sentence after a colon. */
  readonly saying: string;
};

const refusalOf = ({ oauthError, numbers = [], httpStatus }: Said): string => {
  const parts = [
    oauthError,
    ...numbers.map((number) => `AADSTS${number}`),
    httpStatus === undefined ? undefined : `HTTP ${httpStatus}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

/** A failure in the words of its outcome, unless more is known. */
export const failureOf = (
  code: ProofOutcome,
  message: string,
  more: Partial<Omit<ProofFailure, 'ok' | 'code' | 'message'>> = {},
): ProofFailure => {
  const { permanence, action } = PROOF_OUTCOMES[code];
  return { ok: false, code, retryable: permanence === 'transient', message, action, ...more };
};

/** A failure of the proof of one client, in the words of its outcome. */
export const proofFailure = (client: ProvedClient, code: ProofOutcome, said: Said): ProofFailure => {
  const { saying, ...facts } = said;
  const { action, class: kind } = PROOF_OUTCOMES[code];
  const message = `Client ${client.id} (${client.clientId}) got no token from ${issuerHostOf(client)}: ${saying}${refusalOf(said)}.`;
  return failureOf(code, message, {
    action: kind === 'authentication' ? `${action}${heldIn(client)}` : action,
    subject: { credentialId: clientCredentialId(client.id) },
    ...facts,
  });
};

/** What kept Keywatch from asking, as it was said; nothing is known of the credential. */
export const notAsked = (client: ProvedClient, failure: Omit<Failure, 'ok'>): ProofFailure => ({
  ...failure,
  ok: false,
  code: 'not_asked',
  subject: { ...failure.subject, credentialId: clientCredentialId(client.id) },
});
