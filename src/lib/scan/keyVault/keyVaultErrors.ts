import type { AzureErrorReason, AzureFailure } from '../../azure/azureErrorReason.ts';
import { type AzureError, readAzureError } from '../../azure/azureErrors.ts';
import { TAGS } from '../../credentials/tagNames.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { VaultObjectKind } from '../rules/credential.ts';

export interface FailureContext {
  readonly vaultUrl: string;
  readonly kind: VaultObjectKind;
  /** What was asked of a single object; absent for a listing of all. */
  readonly one?: { readonly name: string; readonly asked: 'policy' | 'versions' } | undefined;
  /** How far the listing had come. */
  readonly pages: number;
  readonly objects: number;
  readonly nowEpochMs: number;
  /** True when it was ended from outside: the time limit of the whole vault. */
  readonly timeIsUp: boolean;
}

/** Translates whatever a listing, or a request about one object, threw. The words of the answer itself stay in `cause`. */
export const inventoryFailureOf = (cause: unknown, context: FailureContext): AzureFailure => {
  const read = readAzureError(cause, context.nowEpochMs);
  const error: AzureError = context.timeIsUp ? { ...read, reason: 'timeout', retryable: true } : read;
  const { reason, retryable, httpStatus } = error;
  const { kind, pages, objects, one } = context;
  const vault = vaultNameOf(context.vaultUrl);
  const progress = pages === 0 ? '' : ` after ${pages} pages (${objects} ${kind}s)`;
  const what =
    one === undefined
      ? `Vault ${vault} could not be listed (${kind}s)${progress}`
      : `The ${one.asked} of ${kind} ${one.name} in vault ${vault} could not be read`;
  const asked = one?.asked === 'policy' ? `read the policies of its ${kind}s` : `list its ${kind}s`;
  const { happened, action } = wordsFor(error, vault, asked);
  const wayOut = one?.asked === 'versions' && MAY_BE_OF_ONE.has(reason) ? ` ${WITHOUT_IT}` : '';
  return {
    ok: false,
    code: `scan_${reason}`,
    reason,
    retryable,
    message: `${what}: ${happened}.`,
    action: `${action}${wayOut}`,
    subject: { vault },
    httpStatus,
    cause,
  };
};

/** What may befall the versions of one object while the rest of its vault answers. */
const MAY_BE_OF_ONE: ReadonlySet<AzureErrorReason> = new Set([
  'server_error',
  'malformed_answer',
  'rejected',
  'timeout',
]);
const WITHOUT_IT = `If it lasts for this one alone, tag it ${TAGS.ignore}=true: the rest of its vault is scanned then.`;

const NEXT_RUN = 'Nothing yet: the next run tries again.';

const wordsFor = (
  { reason, httpStatus, retryAfterMs, innerCode }: AzureError,
  vault: string,
  asked: string,
): { happened: string; action: string } => {
  const status = httpStatus === undefined ? '' : ` (HTTP ${httpStatus})`;
  switch (reason) {
    case 'forbidden':
      return wordsForRefusal(innerCode, vault, asked);
    case 'unauthorized':
      return {
        happened: 'no token could be had that it takes',
        action: `Check the identity that Keywatch runs as, and that ${vault} is in its tenant.`,
      };
    case 'not_found':
      return httpStatus === undefined
        ? {
            happened: 'nobody knows its address: there is no such vault, or names are not resolved here',
            action: `Check its name, and the network and DNS from here to ${vault}; if it was deleted, take it off the list of vaults.`,
          }
        : {
            happened: `there is no such vault${status}`,
            action: 'Check its name; if it was deleted, take it off the list of vaults.',
          };
    case 'throttled': {
      const wait = retryAfterMs === undefined ? '' : `, for ${Math.ceil(retryAfterMs / 1000)} s`;
      return { happened: `it asks to be left alone${wait}${status}`, action: NEXT_RUN };
    }
    case 'timeout':
      return { happened: 'it did not answer in time', action: NEXT_RUN };
    case 'tls':
      return {
        happened: 'its TLS certificate is not trusted',
        action: `Look for a proxy that opens TLS between Keywatch and ${vault}.`,
      };
    case 'connection':
      return {
        happened: 'the connection to it failed',
        action: `Check the network between Keywatch and ${vault}.`,
      };
    case 'server_error':
      return { happened: `it failed to answer${status}`, action: NEXT_RUN };
    case 'malformed_answer':
      return {
        happened: 'its answer cannot be read to the end',
        action: `If it lasts, look for what stands between Keywatch and ${vault} and changes answers.`,
      };
    case 'rejected':
      return { happened: `it refuses the request${status}`, action: 'Update Keywatch, or report this.' };
  }
};

/** A vault that obeys access policies never says `ForbiddenByRbac`: to such a vault a role means nothing. */
const BY_ACCESS_POLICY: ReadonlySet<string> = new Set(['AccessDenied', 'ForbiddenByPolicy']);
const BY_NETWORK: ReadonlySet<string> = new Set(['ForbiddenByFirewall', 'ForbiddenByConnection']);

const wordsForRefusal = (
  innerCode: string | undefined,
  vault: string,
  asked: string,
): { happened: string; action: string } => {
  if (innerCode !== undefined && BY_NETWORK.has(innerCode))
    return {
      happened: 'its firewall refuses the address that the request came from',
      action: `Allow Keywatch's network in the firewall of ${vault}, or give it a private endpoint.`,
    };
  if (innerCode !== undefined && BY_ACCESS_POLICY.has(innerCode))
    return {
      happened: `it uses access policies, not roles, and none lets this identity ${asked}`,
      action: `Switch ${vault} to Azure RBAC (az keyvault update --name ${vault} --enable-rbac-authorization true, after giving roles to all that use it now) and give the scanner identity Key Vault Reader; or add an access policy with List on secrets, keys and certificates, Get on certificates, Get Rotation Policy on keys, and no Get on secrets.`,
    };
  return {
    happened: `this identity may not ${asked}`,
    action: `Give Keywatch's scanner identity the role Key Vault Reader on ${vault}.`,
  };
};
