import type { Stage, TimerName } from './stage.ts';

/** A step of a runbook, with what carries it out on this machine. */
export type Step =
  /** A command of Keywatch itself: as in Azure, but for `--local`. */
  | {
      readonly says: string;
      readonly run: readonly [string, ...string[]];
      /** The file that becomes its standard input: a secret is no argument. */
      readonly input?: string;
      /** It prints a link, and waits until a person has consented there. */
      readonly consents?: boolean;
    }
  /** A program of the company, with its environment. */
  | { readonly says: string; readonly program: string }
  /** Done by somebody with other rights, by other tools: the company does it here, in the name of that person. */
  | { readonly says: string; readonly inAzure: string; readonly act: () => void | Promise<void> }
  /** Nothing to do but to wait, which the clock of the company does at once. */
  | { readonly says: string; readonly minutes: number };

/** One way in which the company breaks, for the alert rule that tells of it. */
export interface GameDay {
  /** Name of the rule. */
  readonly rule: string;
  /** What happens, in a sentence. */
  readonly breaks: string;
  /** One of the values by which its alert is told from others. */
  readonly subject: string;
  /** The timers on whose runs its alert hinges; absent: any may be. */
  readonly timers?: readonly TimerName[];
  /** Breaks it, and lets the time pass and the timers run that it takes until the rule can see it. */
  readonly happen: (stage: Stage) => Promise<void>;
  /** What the runbook says. Asked for once it is broken. */
  readonly mend: (stage: Stage) => readonly Step[];
}
