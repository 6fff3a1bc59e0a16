import type { Failure } from '../kernel/failure.ts';
import { isoSeconds } from '../kernel/instant.ts';
import { printable } from '../kernel/printable.ts';
import { isWrittenWrongly } from '../oauth/clientAuthentication/sharedSecret.ts';
import { holdingCredentials } from '../oauth/holdingCredentials.ts';
import { notingAge } from '../oauth/notingAge.ts';
import type { ClientCredentialStore } from '../oauth/ports.ts';
import type { IssuedToken, ProofFailure, ProofWait, ProvedClient } from './ports.ts';
import { failureOf } from './proofFailure.ts';
import { askTwice, credentialWords, endedBy, type ProofStep, type StepResult } from './proofWork.ts';
import { ASSERTION_UNTIMELY } from './rules/entraAnswer.ts';
import { readToken } from './rules/tokenClaims.ts';

/** A store that notes the values that it hands over, and when they were made. */
const notingStart = (given: ClientCredentialStore) => {
  const { store, madeEpochMs: startedEpochMs } = notingAge(given);
  const secrets: string[] = [];
  const noting: ClientCredentialStore = {
    ...store,
    async readSecret(secret) {
      const read = await store.readSecret(secret);
      if (read.ok) secrets.push(read.value);
      return read;
    },
  };
  return { store: noting, secrets, startedEpochMs };
};

/** Nothing was sent, which says nothing of the credential; what to do is what the vault says. */
const unread = ({ message, action, retryable, httpStatus, cause }: Failure): StepResult =>
  endedBy(failureOf('not_asked', message, { action, retryable, httpStatus, cause }));

/** Reads the credential anew for every proof: one that was rotated an hour ago must not be sent. */
export const readCredential: ProofStep = {
  name: 'read the credential',
  isFor: ({ subject }) => subject.kind !== 'grant',
  async take({ ports, configured, context }) {
    const { store, secrets, startedEpochMs } = notingStart(
      holdingCredentials(ports.clientCredentials, context.hold),
    );
    const { subject } = configured;
    if (subject.kind === 'grant') throw new Error('a grant brings its token');
    const read =
      subject.kind === 'client'
        ? await openClient(subject.client, store)
        : await readKey(subject.key.secret, store, credentialWords(configured));
    if (!read.ok) return unread(read);
    const started = startedEpochMs();
    const since = started === undefined ? '' : `, made ${isoSeconds(started)}`;
    const { client, key } = read;
    return {
      shown: `${credentialWords(configured)}${since}`,
      evidence: { startedEpochMs: started, client, key, sentSecrets: secrets },
    };
  },
};

type Read = { readonly ok: true; readonly client?: ProvedClient; readonly key?: string } | Failure;

const openClient = async (client: ProvedClient, store: ClientCredentialStore): Promise<Read> => {
  const opened = await client.credential.open(store);
  if (!opened.ok) return opened;
  return { ok: true, client: { ...client, credential: { ...client.credential, open: async () => opened } } };
};

const readKey = async (
  secret: Parameters<ClientCredentialStore['readSecret']>[0],
  store: ClientCredentialStore,
  where: string,
): Promise<Read> => {
  const read = await store.readSecret(secret);
  if (!read.ok) return read;
  // No header can carry anything else, and Node.js refuses to send it.
  const isOfHeader = /^[\x20-\x7e]*$/.test(read.value);
  if (isOfHeader && !isWrittenWrongly(read.value)) return { ok: true, key: read.value };
  const message = isOfHeader
    ? `The key in ${where} begins or ends with a blank.`
    : `The key in ${where} holds a line break, or a character that is none of ASCII.`;
  const action = `Write the key into ${where} again without it (printf, not echo; no line break at the end of --file).`;
  return failureOf('not_asked', message, { action, retryable: false });
};

/** A call with it, and another after it was refused, take longer than the rest of its life. */
const ENDS_TOO_SOON_SECONDS = 15;

/**
 * A token that the server gave out before, and goes on to give out until it ends.
 * @see https://github.com/wso2/api-manager/issues/773
 */
const afterOldToken = (token: IssuedToken | ProofFailure): ProofWait | undefined =>
  token.ok && token.expiresInSeconds !== undefined && token.expiresInSeconds < ENDS_TOO_SOON_SECONDS
    ? { ms: (token.expiresInSeconds + 1) * 1000, why: 'its server gives out a token that is about to end' }
    : undefined;

export const getToken: ProofStep = {
  name: 'get a token',
  isFor: ({ subject }) => subject.kind === 'client',
  async take(work) {
    const {
      ports,
      context,
      configured: { call },
      evidence: { client },
    } = work;
    if (client === undefined) throw new Error('a token is got with a client that was opened');
    const request = async () => {
      const first = await ports.flow.request(client, context);
      // The next assertion has times of its own: a signature that took long, or a clock that was just set, passes then.
      const isUntimely = !first.ok && first.numbers?.includes(ASSERTION_UNTIMELY) === true;
      return isUntimely ? ports.flow.request(client, context) : first;
    };
    const token = call === undefined ? await request() : await askTwice(work, afterOldToken, request);
    if (!token.ok) return endedBy(token);
    const { httpStatus, tokenType } = token;
    return {
      shown: `${httpStatus}, a token of type ${printable(tokenType, 20)}`,
      httpStatus,
      evidence: { token },
    };
  },
};

export const readTokenStep: ProofStep = {
  name: 'read the token',
  isFor: ({ subject }) => subject.kind === 'client',
  async take({ configured: { subject }, evidence: { token, sentSecrets } }) {
    if (token === undefined || subject.kind !== 'client') throw new Error('there is no token to read');
    return readToken({ ...token, sentSecrets }, subject.expects);
  },
};
