import { READ, RECONNECT, tokenRole } from '../../lib/callers/rules/roles.ts';

/** A made-up person of Contoso who signs in with a click, and the app roles that the person was assigned. */
export interface SeededPerson {
  /** Object id. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** A program of Contoso that has an identity of its own. */
export interface SeededProgram {
  readonly name: string;
  readonly clientId: string;
  /** Object id of its service principal. */
  readonly id: string;
  readonly roles: readonly string[];
}

/** The grant whose access tokens programs may have. */
export const SHARED_GRANT = 'salesforce-orders';

/** Client id of the registration of Keywatch itself. */
export const KEYWATCH_CLIENT_ID = '6b1d2c0a-1f0e-4a53-9f4e-0c8c3a5d7e01';

export const people: readonly SeededPerson[] = [
  { id: '0f6d7a51-3c92-4a0e-8d27-5b1e9c4f2a01', name: 'Robin, on call', roles: [READ, RECONNECT] },
  { id: '0f6d7a51-3c92-4a0e-8d27-5b1e9c4f2a02', name: 'Sam, auditor', roles: [READ] },
];

/** One that may have the token of the shared grant, and one that may have none. */
export const programs: readonly SeededProgram[] = [
  {
    name: 'order-sync',
    clientId: 'c3a94e72-58d1-4b6f-a0c5-7e2f1d9b8a01',
    id: 'e8b0c5d4-9a37-4f12-b6e1-2d7c4a8f5b01',
    roles: [tokenRole(SHARED_GRANT)],
  },
  {
    name: 'newsletter',
    clientId: 'c3a94e72-58d1-4b6f-a0c5-7e2f1d9b8a02',
    id: 'e8b0c5d4-9a37-4f12-b6e1-2d7c4a8f5b02',
    roles: [],
  },
];
