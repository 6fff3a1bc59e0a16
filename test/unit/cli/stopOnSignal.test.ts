import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { stopOnSignal } from '../../../src/cli/stopOnSignal.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  'the first signal (%s) asks a command to stop, and says so; the second is left to end the process',
  (name) => {
    const signals = new EventEmitter();
    const terminal = recordingTerminal();
    const stop = stopOnSignal(terminal, signals);
    expect(stop.aborted).toBe(false);
    signals.emit(name);
    expect(stop.aborted).toBe(true);
    expect(terminal.notes).toHaveLength(1);
    expect(signals.eventNames()).toEqual([]);
  },
);
