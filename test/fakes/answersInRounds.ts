import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** So often in a row a process has to be seen waiting. */
const LOOKS = 10;

/** Answers that are held back until whoever asks does nothing but wait: all of them are then given, as one round. */
export const answersInRounds = () => {
  const held: { readonly asked: string; readonly answer: () => void }[] = [];
  return {
    mayAnswer: (asked: string) => new Promise<void>((answer) => void held.push({ asked, answer })),
    /** What a process waits for until something is done: round after round, in each what it asked, sorted. */
    async roundsUntil(done: Promise<unknown>, pid: number): Promise<readonly (readonly string[])[]> {
      let isDone = false;
      const end = () => {
        isDone = true;
      };
      done.then(end, end);
      const rounds: string[][] = [];
      for (let seen = 0; !isDone; await delay(1)) {
        seen = held.length > 0 && isAsleep(pid) ? seen + 1 : 0;
        if (seen < LOOKS) continue;
        const round = held.splice(0);
        rounds.push([...new Set(round.map(({ asked }) => asked))].sort());
        for (const { answer } of round) answer();
      }
      return rounds;
    },
  };
};

/** Whether no thread of a process runs or could, as Linux tells: however busy the machine is. */
const isAsleep = (pid: number): boolean => {
  try {
    return readdirSync(`/proc/${pid}/task`).every((thread) =>
      / S [^)]*$/.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
    );
  } catch {
    // A thread has ended meanwhile.
    return false;
  }
};
