import { asRestError } from '../../azure/restError.ts';
import { guidOf } from '../../kernel/guid.ts';
import type { ApplicationSecrets, SecretChangeFailure } from '../ports.ts';
import { directoryInstant } from '../rules/directoryInstant.ts';
import { readApplication } from '../rules/readApplication.ts';
import { type GraphOptions, openGraph } from './graphClient.ts';
import {
  type Asked,
  graphCodeOf,
  graphFailureOf,
  NO_OBJECT,
  TOO_LARGE,
  UnreadableAnswerError,
} from './graphErrors.ts';

const SELECT = 'id,appId,displayName,tags,createdDateTime,passwordCredentials,keyCredentials';
const ROLE = 'Application.ReadWrite.OwnedBy';
const READ: Asked = { what: 'The secrets of an application', role: ROLE };
const CHANGE: Asked = { ...READ, isChange: true };

/** What the tenant refuses, by the code of the answer. */
const ACTIONS: Readonly<Record<string, string>> = {
  CredentialInvalidLifetimeAsPerAppPolicy:
    'Lower "lifetimeDays" of the rotation to what the policy of the tenant lets a secret live.',
  CredentialTypeNotAllowedAsPerAppPolicy:
    'The policy of the tenant lets this application have no new secret: use a federated credential or a certificate instead, and take the rotation out of the config.',
  // @see https://github.com/microsoft/coe-starter-kit/issues/3695
  TooManyAppPasswords:
    'Remove a secret of the application that nobody uses: it has as many as it may, two where it signs in personal Microsoft accounts as well.',
  [TOO_LARGE]:
    'Remove secrets and certificates of the application that have ended: it holds as much as the directory lets one hold.',
};

/**
 * What it says of a secret that was removed a moment ago, and that its own listing may go on to show.
 * @see https://github.com/hashicorp/vault-plugin-secrets-azure `client.go`
 */
const saysGone = (cause: unknown): boolean =>
  /\bno password credential found\b/i.test(asRestError(cause)?.response?.bodyAsText ?? '');

/** The secrets of applications through Microsoft Graph v1.0, as an owner of them. */
export const graphApplicationSecrets = (options: GraphOptions): ApplicationSecrets => {
  const { clock } = options;
  const graph = openGraph(options);

  const changeFailure = (cause: unknown, signal: AbortSignal): SecretChangeFailure => {
    const failure = graphFailureOf(cause, CHANGE, {
      nowEpochMs: clock.nowEpochMs(),
      timeIsUp: signal.aborted,
    });
    const { httpStatus = 0, reason } = failure;
    return {
      ...failure,
      // Two changes in quick succession: the later one is refused, and passes when it is asked again.
      retryable: failure.retryable || httpStatus === 409,
      action: ACTIONS[graphCodeOf(cause)] ?? failure.action,
      // Who gave up waiting cannot say what became of it.
      mayHaveHappened:
        reason !== 'unauthorized' && (httpStatus === 408 || !(httpStatus >= 400 && httpStatus < 500)),
    };
  };

  const readOne = async (path: string, signal: AbortSignal) => {
    const { json } = await graph.get(`${path}?$select=${SELECT}`, signal);
    const application = readApplication('applications', json, options.tenantId);
    if (application === undefined)
      throw new UnreadableAnswerError('an application has no id or no client id');
    // That it has none would be a reason to make another, at every look.
    if (!Array.isArray(json['passwordCredentials']))
      throw new UnreadableAnswerError('an application has no list of secrets');
    return application;
  };

  /** Whether the application, read anew, has no such secret: a removal that failed may have happened. */
  const isGone = (applicationId: string, keyId: string, signal: AbortSignal): Promise<boolean> =>
    readOne(`/applications/${applicationId}`, signal).then(
      ({ credentials }) => !credentials.some((credential) => credential.keyId === keyId),
      () => false,
    );

  return {
    async readApplication(appId, signal) {
      try {
        const path = `/applications(appId='${encodeURIComponent(appId)}')`;
        return { ok: true, application: await readOne(path, signal) };
      } catch (cause) {
        if (graphCodeOf(cause) === NO_OBJECT) return { ok: true, application: undefined };
        return graphFailureOf(cause, READ, { nowEpochMs: clock.nowEpochMs(), timeIsUp: signal.aborted });
      }
    },
    async addSecret(applicationId, { displayName, endEpochMs }, signal) {
      try {
        const endDateTime = new Date(endEpochMs).toISOString();
        const body = { passwordCredential: { displayName, endDateTime } };
        const { json } = await graph.change(`/applications/${applicationId}/addPassword`, body, signal);
        const keyId = guidOf(json['keyId']);
        const secretText = json['secretText'];
        if (keyId === undefined || typeof secretText !== 'string' || secretText === '')
          throw new UnreadableAnswerError('a new secret has no id or no value');
        return { ok: true, keyId, secretText, endEpochMs: directoryInstant(json['endDateTime']) };
      } catch (cause) {
        return changeFailure(cause, signal);
      }
    },
    async removeSecret(applicationId, keyId, signal) {
      try {
        await graph.change(`/applications/${applicationId}/removePassword`, { keyId }, signal);
        return { ok: true };
      } catch (cause) {
        const failure = changeFailure(cause, signal);
        const mayBeGone = failure.reason === 'rejected' || failure.reason === 'not_found';
        const isRemoved = mayBeGone && (saysGone(cause) || (await isGone(applicationId, keyId, signal)));
        return isRemoved ? { ok: true } : failure;
      }
    },
  };
};
