/** Control records of grants, and when jobs last ran. */
export const CONTROL_CONTAINER = 'keywatch-control';
/** Records of rotations. */
export const ROTATION_CONTAINER = 'keywatch-rotation';
/** Sealed tokens that neither the vault nor the control store took. */
export const FALLBACK_CONTAINER = 'keywatch-fallback';
