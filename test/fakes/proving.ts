import { setImmediate } from 'node:timers/promises';
import type { CallAnswer, ProofContext } from '../../src/lib/prove/ports.ts';
import { type Proof, proveClient } from '../../src/lib/prove/proveClient.ts';
import { type ProofWorld, proofWorld, provenClient } from './prove.ts';

/** What comes of a proof, however long it has to wait. */
export const untilProven = async <T>({ clock }: ProofWorld, proving: Promise<T>): Promise<T> => {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  proving.then(end, end);
  for (await setImmediate(); !isOver; ) await clock.advance(15_000);
  return proving;
};

/** One proof in a world that a test may change first. */
export const proving = (
  change: (world: ProofWorld) => void = () => undefined,
  configured = provenClient(),
  callsWithout = true,
) => {
  const world = proofWorld();
  change(world);
  const { clock, telemetry, prove } = world.ports;
  const context: ProofContext = {
    signal: new AbortController().signal,
    hold: (value) => void world.held.push(value),
  };
  const proof = untilProven(
    world,
    proveClient({ clock, telemetry, ...prove }, { configured, context, callsWithout }),
  );
  return { world, proof };
};
export const stepsOf = ({ steps }: Proof) => steps.map(({ name, result }) => `${name}: ${result}`);

/** Answers to calls with a credential, in turn; without one it is 401. */
export const answering =
  (...answers: CallAnswer[]) =>
  (world: ProofWorld): void => {
    world.answer = ({ token, headers }) =>
      token === undefined && headers['x-api-key'] === undefined
        ? { kind: 'answered', httpStatus: 401 }
        : (answers.shift() ?? { kind: 'unanswered', reason: 'nothing is left to answer' });
  };
export const status = (httpStatus: number, more: object = {}): CallAnswer => ({
  kind: 'answered',
  httpStatus,
  ...more,
});
