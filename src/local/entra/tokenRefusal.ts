import { randomUUID } from 'node:crypto';

const invalidClient = (text: string) => ({ status: 401, error: 'invalid_client', text });

/** Refusals as Entra ID words them; the first word of the description is the number. */
export const REFUSALS = {
  7000215: invalidClient('Invalid client secret provided.'),
  7000222: invalidClient('The provided client secret keys are expired.'),
  7000218: invalidClient(
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ),
  700027: invalidClient('The certificate with identifier is not registered.'),
  700024: invalidClient('Client assertion is not within its valid time range.'),
  700023: invalidClient('Client assertion audience claim does not match.'),
  700213: invalidClient('No matching federated identity record found for presented assertion subject.'),
  700016: { status: 400, error: 'unauthorized_client', text: 'Application was not found in the directory.' },
  7000112: { status: 400, error: 'unauthorized_client', text: 'Application is disabled.' },
  90002: { status: 400, error: 'invalid_request', text: 'Tenant not found.' },
  70011: { status: 400, error: 'invalid_scope', text: 'The provided value for scope is not valid.' },
  900144: { status: 400, error: 'invalid_request', text: 'The request body lacks a parameter.' },
};

export type RefusalNumber = keyof typeof REFUSALS;

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export const refuse = (number: RefusalNumber, nowEpochMs: number): TokenAnswer => {
  const { status, error, text } = REFUSALS[number];
  const [traceId, correlationId] = [randomUUID(), randomUUID()];
  const timestamp = new Date(nowEpochMs).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${number}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
    },
  };
};
