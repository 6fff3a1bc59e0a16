import type { RotationClass } from './providerProfile.ts';

/** Below this no lease can lapse and be taken over inside the window: the window is of no use to us. */
const SHORTEST_USEFUL_GRACE_SECONDS = 30;

/** The class as the protocol treats it: a grace window too short to be used is none. */
export const effectiveRotation = (rotation: RotationClass): RotationClass =>
  rotation.kind === 'grace' && rotation.graceSeconds < SHORTEST_USEFUL_GRACE_SECONDS
    ? { kind: 'strict' }
    : rotation;

/** Whether losing an answer to this provider can cost the grant. */
export const canLoseToken = (rotation: RotationClass): boolean =>
  rotation.kind === 'strict' || rotation.kind === 'grace';
