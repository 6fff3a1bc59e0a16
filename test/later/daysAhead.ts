/** Longer than anything that a fixture could call "next year". */
export const DAYS_AHEAD = 400;
