import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { stopOnSignal } from '../../../src/commands/stopOnSignal.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

it('the first signal asks a command to stop, and says so; the second is left to end the process', () => {
  const signals = new EventEmitter();
  const terminal = recordingTerminal();
  const stop = stopOnSignal(terminal, signals);
  expect(stop.aborted).toBe(false);
  signals.emit('SIGINT');
  expect(stop.aborted).toBe(true);
  expect(terminal.notes).toHaveLength(1);
  expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
});
