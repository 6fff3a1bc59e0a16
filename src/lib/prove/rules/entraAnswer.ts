import type { ProofOutcome } from '../../credentials/proofOutcomes.ts';
import { isJudgement, outcomeOfAnswer, type RefusingAnswer } from './oauthAnswer.ts';

interface EntraRow {
  readonly outcome: ProofOutcome;
  /** The errors beside which its numbers are believed. */
  readonly errors: readonly string[];
  /** AADSTS numbers, each with what it says. */
  readonly numbers: Readonly<Record<number, string>>;
}

/** The assertion is not within its valid time range: the one refusal that another assertion may not meet. */
export const ASSERTION_UNTIMELY = 700024;

/**
 * The numbers of Entra ID that say more than the error beside them. Microsoft changes them at will, so one that is
 * unknown, or stands beside an error that contradicts it, changes nothing.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export const ENTRA_NUMBERS = [
  {
    outcome: 'credential_wrong',
    errors: ['invalid_client', 'unauthorized_client'],
    numbers: { 7000215: 'the secret is wrong, or was removed' },
  },
  {
    outcome: 'credential_expired',
    errors: ['invalid_client', 'unauthorized_client'],
    numbers: { 7000222: 'the secret has expired', 1000502: 'the certificate is outside its validity' },
  },
  {
    outcome: 'assertion_refused',
    errors: ['invalid_client', 'invalid_request', 'unauthorized_client'],
    numbers: {
      700027: 'the certificate is not registered, or the signature is wrong',
      7000274: 'the certificate or the signature is not valid',
      7000214: 'the certificate was revoked',
      7000277: 'the certificate was revoked',
      [ASSERTION_UNTIMELY]: 'the assertion is not within its valid time range',
      7000218: 'no assertion or secret arrived',
    },
  },
  {
    outcome: 'federation_refused',
    errors: ['invalid_client', 'invalid_request', 'unauthorized_client'],
    numbers: {
      70021: 'no federated credential matches',
      700211: 'no federated credential has this issuer',
      700212: 'no federated credential has this audience',
      700213: 'no federated credential has this subject',
      700229: 'the token of the identity is not app-only',
    },
  },
  {
    outcome: 'app_gone',
    errors: ['unauthorized_client', 'invalid_client', 'invalid_request'],
    numbers: {
      700016: 'the application is not in this tenant',
      7000229: 'the application has no service principal in this tenant',
    },
  },
  {
    outcome: 'app_disabled',
    errors: ['unauthorized_client', 'invalid_client'],
    numbers: {
      7000112: 'the application is disabled',
      1000031: 'the application is disabled or may not be reached',
    },
  },
  {
    outcome: 'tenant_wrong',
    errors: ['invalid_request', 'invalid_tenant'],
    numbers: {
      90002: 'the tenant does not exist',
      900023: 'the tenant is neither an id nor a verified domain',
      900432: 'the client is of another cloud',
      900382: 'the client is of another cloud',
    },
  },
  {
    outcome: 'resource_wrong',
    errors: ['invalid_resource', 'invalid_scope', 'invalid_request'],
    numbers: {
      500011: 'the resource is not in this tenant',
      50001: 'the resource is not known',
      70011: 'the scope is not valid',
      700022: 'more than one resource is asked for',
      700023: 'the scope names no resource',
      1002012: 'the scope does not end in /.default',
    },
  },
  {
    outcome: 'not_permitted',
    errors: [
      'invalid_grant',
      'unauthorized_client',
      'invalid_client',
      'interaction_required',
      'consent_required',
    ],
    numbers: {
      65001: 'nobody has consented',
      501051: 'it has no role at a resource that demands one',
      90094: 'an administrator has to consent',
      700025: 'the application is a public client, which gets no token of its own',
    },
  },
  {
    outcome: 'policy_blocks',
    errors: ['invalid_grant', 'interaction_required', 'access_denied', 'unauthorized_client'],
    numbers: {
      53000: 'Conditional Access wants a compliant device',
      53001: 'Conditional Access wants a joined device',
      53002: 'Conditional Access does not take this application',
      53003: 'Conditional Access blocks it',
      53004: 'Conditional Access wants a registration first',
      53011: 'the identity is blocked for its risk',
      530032: 'a security policy of the tenant blocks it',
    },
  },
  {
    outcome: 'throttled',
    errors: [],
    numbers: {
      90055: 'too many requests',
      50196: 'the same request again and again',
      90024: 'the tenant is throttled',
    },
  },
  {
    outcome: 'unavailable',
    errors: [],
    numbers: {
      90006: 'an external server is not ready',
      90012: 'the request timed out at Entra ID',
      90033: 'Entra ID is unavailable for the moment',
      90090: 'Entra ID failed',
      90091: 'Entra ID failed',
      50000: 'Entra ID failed to issue a token',
    },
  },
] as const satisfies readonly EntraRow[];

const ROWS: readonly EntraRow[] = ENTRA_NUMBERS;

const rowOf = (number: number): EntraRow | undefined =>
  ROWS.find(({ numbers }) => Object.hasOwn(numbers, number));

export interface EntraAnswer extends RefusingAnswer {
  /** `error_codes`, or what stands for it in the description. */
  readonly numbers: readonly number[];
}

export interface EntraReading {
  readonly outcome: ProofOutcome;
  /** What the first number that is known and believed says; absent: the class alone decided. */
  readonly saying: string | undefined;
}

/** What a refusal of Entra ID means: the class by status and error; a number only refines it. */
export const readEntraAnswer = (answer: EntraAnswer): EntraReading => {
  const { numbers, error, httpStatus } = answer;
  const outcome = outcomeOfAnswer(answer);
  if (!isJudgement(httpStatus))
    return { outcome, saying: sayingOf(numbers.find((number) => rowOf(number)?.outcome === outcome)) };
  const believed = numbers.find((number) => {
    const row = rowOf(number);
    return row !== undefined && (row.errors.length === 0 || row.errors.includes(error ?? ''));
  });
  if (believed === undefined) return { outcome, saying: undefined };
  return { outcome: rowOf(believed)?.outcome ?? outcome, saying: sayingOf(believed) };
};

const sayingOf = (number: number | undefined): string | undefined =>
  number === undefined ? undefined : rowOf(number)?.numbers[number];
