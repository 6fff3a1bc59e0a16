import { asRestError } from '../../azure/restError.ts';
import { guidOf } from '../../kernel/guid.ts';
import type { ApplicationSecrets, SecretChangeFailure } from '../ports.ts';
import { directoryInstant } from '../rules/directoryInstant.ts';
import { readApplication } from '../rules/readApplication.ts';
import { type GraphOptions, openGraph } from './graphClient.ts';
import { type Asked, graphFailureOf, UnreadableAnswerError } from './graphErrors.ts';

const SELECT = 'id,appId,displayName,tags,createdDateTime,passwordCredentials,keyCredentials';
const ROLE = 'Application.ReadWrite.OwnedBy';
const READ: Asked = { what: 'The secrets of an application', role: ROLE };
const CHANGE: Asked = { ...READ, isChange: true };

/** What a policy of the tenant refuses, by the code of the answer. */
const POLICY_ACTIONS: Readonly<Record<string, string>> = {
  CredentialInvalidLifetimeAsPerAppPolicy:
    'Lower "lifetimeDays" of the rotation to what the policy of the tenant lets a secret live.',
  CredentialTypeNotAllowedAsPerAppPolicy:
    'The policy of the tenant lets this application have no new secret: use a federated credential or a certificate instead, and take the rotation out of the config.',
};

const CODE = /"code"\s*:\s*"(\w{1,64})"/;

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
    const code = CODE.exec(asRestError(cause)?.response?.bodyAsText ?? '')?.[1] ?? '';
    return {
      ...failure,
      // Two changes in quick succession: the later one is refused, and passes when it is asked again.
      retryable: failure.retryable || httpStatus === 409,
      action: POLICY_ACTIONS[code] ?? failure.action,
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
        if (asRestError(cause)?.statusCode === 404) return { ok: true, application: undefined };
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
        return mayBeGone && (await isGone(applicationId, keyId, signal)) ? { ok: true } : failure;
      }
    },
  };
};
