/** Control records of grants, and when jobs last ran. */
export const CONTROL_CONTAINER = 'keywatch-control';
/** Records of rotations. */
export const ROTATION_CONTAINER = 'keywatch-rotation';
/** Sealed tokens that neither the vault nor the control store took. */
export const FALLBACK_CONTAINER = 'keywatch-fallback';
/** Sealed secrets: the refresh tokens of grants that are refreshed too often for a vault. */
export const SEALED_SECRETS_CONTAINER = 'keywatch-tokens';
/** Sessions of browsers, and sign-ins that were begun. */
export const SIGN_IN_CONTAINER = 'keywatch-sign-in';
/** Consents that were begun at a provider. */
export const CONSENT_CONTAINER = 'keywatch-consent';
/** What the board shows: the last complete state of everything, and its history. */
export const BOARD_CONTAINER = 'keywatch-board';
