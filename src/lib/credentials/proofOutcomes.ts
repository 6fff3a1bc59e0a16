import type { Permanence } from '../kernel/failure.ts';
import type { Severity } from './severities.ts';

/** What a proof asks: who you are (401), what you may do (403), or neither, because nobody answered or nobody was asked. */
const PROOF_CLASSES = {
  ok: { severity: 'ok' },
  authentication: { severity: 'error', rule: 'credential-refused' },
  authorization: { severity: 'error', rule: 'credential-not-permitted' },
  availability: { severity: 'warning', rule: 'credential-unproven' },
  not_asked: { severity: 'warning', rule: 'credential-unproven' },
} as const satisfies Readonly<Record<string, { readonly severity: Severity; readonly rule?: string }>>;

type ProofClass = keyof typeof PROOF_CLASSES;

type WhoActs =
  | 'owner'
  | 'certificate owner'
  | 'administrator'
  | 'security'
  | 'configuration'
  | 'identity team'
  | 'nobody';

interface ProofOutcomeRow {
  readonly meaning: string;
  readonly class: ProofClass;
  /** Whether waiting can help; of a success it says that nothing is to be done. */
  readonly permanence: Permanence;
  readonly whoActs: WhoActs;
  /** What to do about it, in one sentence. */
  readonly action: string;
}

type Consequence = Pick<ProofOutcomeRow, 'class' | 'permanence' | 'whoActs'>;

const lasting = (kind: ProofClass, whoActs: WhoActs): Consequence => ({
  class: kind,
  permanence: 'permanent',
  whoActs,
});
const passing = (kind: ProofClass, whoActs: WhoActs = 'nobody'): Consequence => ({
  class: kind,
  permanence: 'transient',
  whoActs,
});

const PASSES = 'Nothing now: it is asked again at the next run';

/** What the proof of a client's credential can end with: the token first, then the call that uses it. */
export const PROOF_OUTCOMES = {
  proven: {
    meaning: 'a token was issued, and the call that uses it did what it should where there is one',
    ...passing('ok'),
    action: 'Nothing.',
  },
  settling: {
    meaning:
      'refused, but the credential, the trust or the consent is so new that it may not be known everywhere yet',
    ...passing('authentication'),
    action: `${PASSES}, and counts as refused once it is ten minutes old.`,
  },
  credential_wrong: {
    meaning: 'the server does not know this secret: it was removed or revoked, or is another',
    ...lasting('authentication', 'owner'),
    action:
      'Make a new secret at the authorization server and write it into the vault: the one that the vault holds is not accepted.',
  },
  credential_expired: {
    meaning: 'the secret or certificate has ended',
    ...lasting('authentication', 'owner'),
    action: 'Rotate it: make a new one at the authorization server and write it into the vault.',
  },
  assertion_refused: {
    meaning:
      'the certificate or the signed assertion is not accepted: it is not registered, or its times or its audience are refused',
    ...lasting('authentication', 'certificate owner'),
    action:
      "Register the certificate or public key that signs, in its newest version, at the authorization server; where it is, compare the assertion's audience and the clocks.",
  },
  federation_refused: {
    meaning: 'the server does not trust the identity that stands in for a secret (federated credential)',
    ...lasting('authentication', 'identity team'),
    action:
      'Compare issuer, subject and audience of the federated credential with the managed identity of Keywatch, and correct them.',
  },
  app_gone: {
    meaning: 'the server does not know the client: it was deleted, or lives in another tenant',
    ...lasting('authentication', 'owner'),
    action:
      'Compare client id and tenant with the app registration; restore it, or take the client out of the config.',
  },
  app_disabled: {
    meaning: 'the client was switched off',
    ...lasting('authentication', 'security'),
    action: 'Ask who switched it off, and why, before anybody switches it on again: it was done on purpose.',
  },
  tenant_wrong: {
    meaning: 'there is no such tenant, or it belongs to another cloud',
    ...lasting('authentication', 'configuration'),
    action: 'Correct the tenant of the client, or its authority host, in the config.',
  },
  resource_wrong: {
    meaning: 'the request itself is refused: its address, scope, resource or form',
    ...lasting('authorization', 'configuration'),
    action:
      'Correct address, scope or audience of the client in the config; at Entra ID the scope is one resource and `/.default`.',
  },
  not_permitted: {
    meaning: 'the client is known and may not have this token: consent, role or grant type is missing',
    ...lasting('authorization', 'administrator'),
    action: 'Grant the client the role or the consent for that resource.',
  },
  policy_blocks: {
    meaning: 'a policy of the tenant (Conditional Access) refuses the client',
    ...lasting('authorization', 'identity team'),
    action:
      'Look for the policy in the sign-in logs of the service principal, and except the client or its address.',
  },
  throttled: {
    meaning: 'the server asks to be left alone for a while',
    ...passing('availability'),
    action: `${PASSES}.`,
  },
  unavailable: {
    meaning: 'the server failed, did not answer, or what answered was no token endpoint',
    ...passing('availability'),
    action: `${PASSES}; if it lasts, look at the status page of the authorization server.`,
  },
  not_asked: {
    meaning: 'nothing was sent: the credential could not be read or used, or there was no connection',
    ...passing('not_asked', 'configuration'),
    action: 'Nothing is known of the credential; see to what kept Keywatch from asking.',
  },
  call_refused: {
    meaning:
      'the resource does not accept the token (401, `invalid_token`, or a 403 that it answers without one, too)',
    ...lasting('authentication', 'owner'),
    action:
      'Compare audience and issuer of the token with what the resource accepts; it may have been revoked there.',
  },
  call_forbidden: {
    meaning: 'the resource does not permit the call (403, or `insufficient_scope`)',
    ...lasting('authorization', 'administrator'),
    action:
      'Give the client the right that the call needs at the resource. Where it has it, the resource may not accept the credential at all: some say 403 of that, too.',
  },
  call_failed: {
    meaning: 'the call that uses the token got another answer than it should, or none',
    ...passing('availability'),
    action: `${PASSES}; if it lasts, look at the resource, and at the address of the call in the config.`,
  },
  call_proves_nothing: {
    meaning: 'the resource answers the same without a token, so that the call proves nothing',
    ...lasting('not_asked', 'configuration'),
    action: 'Name an address in the config that refuses a call without a token.',
  },
} as const satisfies Readonly<Record<string, ProofOutcomeRow>>;

export type ProofOutcome = keyof typeof PROOF_OUTCOMES;

/** How bad an outcome is: what passes by itself breaks nothing yet. */
export const severityOfProof = (outcome: ProofOutcome): Severity => {
  const { class: kind, permanence } = PROOF_OUTCOMES[outcome];
  const { severity } = PROOF_CLASSES[kind];
  return severity === 'error' && permanence === 'transient' ? 'warning' : severity;
};

/** The alert rule that speaks of an outcome, whose runbook helps; absent: none does. */
export const ruleOfProof = (outcome: ProofOutcome): string | undefined => {
  const row = PROOF_CLASSES[PROOF_OUTCOMES[outcome].class];
  return 'rule' in row ? row.rule : undefined;
};
