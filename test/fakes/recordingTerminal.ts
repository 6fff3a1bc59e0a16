import type { Terminal } from '../../src/lib/kernel/terminal.ts';

export interface RecordingTerminal extends Terminal {
  /** Standard output, and what went to standard error beside the progress. */
  readonly printed: string[];
  readonly notes: string[];
  readonly progressTexts: string[];
}

/** Remembers every line that a command writes. */
export const recordingTerminal = (): RecordingTerminal => {
  const printed: string[] = [];
  const notes: string[] = [];
  const progressTexts: string[] = [];
  return {
    hasColour: false,
    width: undefined,
    printed,
    notes,
    progressTexts,
    print: (line) => void printed.push(line),
    printAll: async (lines) => void printed.push(...lines),
    note: (line) => void notes.push(line),
    progress: (text) => void progressTexts.push(text),
  };
};
