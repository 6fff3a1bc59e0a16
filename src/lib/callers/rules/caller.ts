/** Who calls, once it is sure. */
export interface Caller {
  /** `app`: a program under its own identity; `user`: a person, or a program in a person's name. */
  readonly kind: 'app' | 'user';
  readonly tenantId: string;
  /** The stable id of person or service principal in that tenant (`oid`). */
  readonly objectId: string;
  /** The client that the token was given to (`azp`); absent for the session of a browser. */
  readonly clientId: string | undefined;
  /** App roles, as they were assigned when the token was given or the person signed in. */
  readonly roles: readonly string[];
  readonly via: 'bearer' | 'session';
}
