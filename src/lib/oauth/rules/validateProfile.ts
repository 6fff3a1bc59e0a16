import { printableAddress } from '../../kernel/printable.ts';
import { isLoopback } from '../../kernel/vaultUrl.ts';
import { METHODS, methodNamed } from '../clientAuthentication/methods.ts';
import { REQUEST_PARAMETERS } from './authorizationFacts.ts';
import { type ProviderProfile, refreshUrlOf } from './providerProfile.ts';

/** One thing in a profile that cannot work: which member, what was given, what is allowed. */
export interface ProfileFault {
  readonly member: string;
  readonly given: string;
  readonly allowed: string;
}

/**
 * Sent by every request itself, and not by the config. Some want the `redirect_uri` with a refresh, too; a code goes
 * with that of its own attempt.
 * @see https://github.com/mollie/api-documentation/pull/525
 */
const STANDARD_PARAMETERS = [
  'grant_type',
  'refresh_token',
  'code',
  'code_verifier',
  ...METHODS.flatMap(({ parameters }): readonly string[] => parameters),
];
const LONGEST_DAYS = 36_500;

const fault = (member: string, given: string, allowed: string): ProfileFault => ({ member, given, allowed });

const positive = (
  member: string,
  value: number | undefined,
  allowed: string,
  most = Number.MAX_SAFE_INTEGER,
): ProfileFault[] =>
  value === undefined || (Number.isFinite(value) && value > 0 && value <= most)
    ? []
    : [fault(member, String(value), allowed)];

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

const pointerFaults = (member: string, pointer: string): ProfileFault[] =>
  POINTER.test(pointer)
    ? []
    : [
        fault(
          member,
          JSON.stringify(pointer),
          'a JSON pointer like "/authed_user", or "" for the whole answer',
        ),
      ];

const placeholders = (address: string): string[] =>
  [...address.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');

/** What is wrong with an address that something is sent to. */
export const addressFaults = (member: string, address: string, allowLoopback: boolean): ProfileFault[] => {
  const open = placeholders(address);
  if (open.length > 0)
    return [fault(member, `without a value for ${open.join(' and ')}`, 'a variable for each placeholder')];
  if (!URL.canParse(address))
    return [fault(member, JSON.stringify(printableAddress(address)), 'an https address')];
  const { protocol, hostname, username, password, hash } = new URL(address);
  if (username !== '' || password !== '')
    return [fault(member, 'an address with a user name or password', 'an address without')];
  if (hash !== '') return [fault(member, 'an address with a fragment', 'an address without')];
  if (protocol === 'https:' || (protocol === 'http:' && allowLoopback && isLoopback(address))) return [];
  return [fault(member, `an address of ${protocol}//${hostname}`, 'https')];
};

const rotationFaults = ({ rotation }: ProviderProfile): ProfileFault[] => {
  if (rotation.kind !== 'grace') return [];
  const { graceSeconds } = rotation;
  if (!Number.isFinite(graceSeconds) || graceSeconds <= 0)
    return [
      fault(
        'rotation.graceSeconds',
        String(graceSeconds),
        'a positive number of seconds, or rotation strict',
      ),
    ];
  return [];
};

const lifetimeFaults = (profile: ProviderProfile): ProfileFault[] => {
  const { idleDays, absoluteDays, rotation } = profile;
  const faults = [
    ...positive('idleDays', idleDays, 'a positive number of days, or absent', LONGEST_DAYS),
    ...positive('absoluteDays', absoluteDays, 'a positive number of days, or absent', LONGEST_DAYS),
    ...positive('maxRefreshPer10Minutes', profile.maxRefreshPer10Minutes, 'a positive number, or absent'),
  ];
  if (faults.length > 0) return faults;
  if (idleDays !== undefined && absoluteDays !== undefined && idleDays > absoluteDays)
    faults.push(
      fault('idleDays', `${idleDays}, more than absoluteDays ${absoluteDays}`, 'at most absoluteDays'),
    );
  if (rotation.kind === 'static' && profile.absoluteFrom === 'issue' && absoluteDays !== undefined)
    faults.push(
      fault(
        'absoluteFrom',
        '"issue" with rotation static',
        '"first_consent": the token is never issued anew',
      ),
    );
  if (rotation.kind === 'grace' && idleDays !== undefined && rotation.graceSeconds > idleDays * 86_400)
    faults.push(fault('rotation.graceSeconds', 'longer than idleDays', 'at most idleDays'));
  return faults;
};

/** Beside the header that proves the client some want its id in the body. @see https://github.com/apereo/cas/pull/4746 */
const isWantedBesideHeader = (
  name: string,
  { clientAuthenticationMethod }: Pick<ProviderProfile, 'clientAuthenticationMethod'>,
): boolean => name === 'client_id' && !methodNamed(clientAuthenticationMethod).parameters.includes(name);

const HEADER_VALUE = /^[\t\x20-\x7e]+$/;

const requestFaults = (profile: ProviderProfile): ProfileFault[] => {
  const faults: ProfileFault[] = [];
  const clashing = Object.keys(profile.extraParameters).filter(
    (name) => STANDARD_PARAMETERS.includes(name) && !isWantedBesideHeader(name, profile),
  );
  for (const name of clashing)
    faults.push(
      fault(`extraParameters.${name}`, 'a parameter of the protocol', 'parameters beside the standard ones'),
    );
  if (profile.bodyFormat === 'query' && refreshUrlOf(profile).startsWith('http:'))
    faults.push(
      fault('bodyFormat', '"query" over http, which shows the token to everyone', '"form" or "json"'),
    );
  if (!HEADER_VALUE.test(profile.accept) || profile.accept.trim() === '')
    faults.push(fault('accept', JSON.stringify(profile.accept), 'a media type like application/json'));
  return faults;
};

const proofFaults = (
  { introspectionEndpoint, proofCall }: ProviderProfile,
  allowLoopback: boolean,
): ProfileFault[] => [
  ...(introspectionEndpoint === undefined
    ? []
    : addressFaults('introspectionEndpoint', introspectionEndpoint, allowLoopback)),
  ...(proofCall === undefined ? [] : addressFaults('proofCall.url', proofCall.url, allowLoopback)),
];

const authorizationFaults = (
  { authorization, tokenEndpoint }: ProviderProfile,
  allowLoopback: boolean,
): ProfileFault[] => {
  // What a variable is missing for is told once.
  if (authorization === undefined || placeholders(tokenEndpoint).length > 0) return [];
  const { endpoint, parameters = {}, issuer, issParameter, accountIdentity } = authorization;
  const member = (name: string): string => `authorization.${name}`;
  const faults = addressFaults(member('endpoint'), endpoint, allowLoopback);
  for (const name of Object.keys(parameters))
    if (REQUEST_PARAMETERS.some((standard) => standard === name))
      faults.push(
        fault(
          member(`parameters.${name}`),
          'a parameter of the protocol',
          'parameters beside the standard ones',
        ),
      );
  if (issParameter === 'required' && issuer === undefined)
    faults.push(fault(member('issParameter'), '"required" without an issuer', 'an issuer beside it'));
  if (accountIdentity !== undefined)
    faults.push(...pointerFaults(member('accountIdentity.at'), accountIdentity.at));
  return faults;
};

/**
 * Everything about a profile that cannot work, in words; empty when it can. Pure. Placeholders have
 * to be filled by then, see `profileFrom`.
 */
export const validateProfile = (
  profile: ProviderProfile,
  { allowLoopback = false }: { allowLoopback?: boolean } = {},
): readonly ProfileFault[] => [
  ...addressFaults('tokenEndpoint', profile.tokenEndpoint, allowLoopback),
  ...(profile.refreshUrl === undefined ? [] : addressFaults('refreshUrl', profile.refreshUrl, allowLoopback)),
  // What a variable is missing for is told once.
  ...(placeholders(profile.tokenEndpoint).length > 0 ? [] : proofFaults(profile, allowLoopback)),
  ...authorizationFaults(profile, allowLoopback),
  ...rotationFaults(profile),
  ...lifetimeFaults(profile),
  ...pointerFaults('tokenPath', profile.tokenPath),
  ...(profile.errorIn200 === undefined ? [] : pointerFaults('errorIn200.path', profile.errorIn200.path)),
  ...requestFaults(profile),
];
