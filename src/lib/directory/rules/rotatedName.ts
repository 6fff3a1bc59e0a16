/** The display name of a secret that a rotation makes: the only place at the directory where its attempt can be written. */
export const secretNameOf = (rotationId: string, attemptId: string): string =>
  `keywatch:${rotationId}:${attemptId}`;

/** Which rotation made the secret of that display name; `undefined`: somebody else did. */
export const rotationOf = (displayName: string | undefined): string | undefined =>
  /^keywatch:([^:]+):./.exec(displayName ?? '')?.[1];
