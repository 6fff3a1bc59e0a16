/** Exit codes of every command. 0: nothing needs attention. 1: something does. 2: the command itself failed. */
export const EXIT = { quiet: 0, attention: 1, failed: 2 } as const;
