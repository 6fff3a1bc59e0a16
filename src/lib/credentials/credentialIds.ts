/**
 * The ids of what Keywatch refreshes, proves and rotates, by which telemetry, alerts and the board know it: from the
 * id of its entry in the config. An object of a vault or directory has one of its own kind, `VAULT/KIND/NAME`.
 */

export const grantCredentialId = (grantId: string): string => `grant/${grantId}`;

/** Of the credential that a client proves itself with. */
export const clientCredentialId = (clientId: string): string => `client/${clientId}`;

export const rotationCredentialId = (rotationId: string): string => `rotation/${rotationId}`;
