import { expect, it } from 'vitest';
import { notingTelemetry } from '../../../src/cli/notingTelemetry.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { recordingTerminal } from '../../fakes/recordingTerminal.ts';

it('a command shows what a source could not find out, once, and no event or metric', () => {
  const terminal = recordingTerminal();
  const telemetry = notingTelemetry(terminal);
  const words = { message: 'The owners are\u001b[2J unknown.', action: 'Give it User.Read.All.' };
  for (const code of ['first', 'second']) telemetry.failure(permanentFailure({ code, ...words }));
  telemetry.metric('keywatch.scan.pages', 1, { vault: 'kv-a' });
  expect(terminal.notes).toEqual([expect.stringMatching(/^The owners are.* unknown\. Give it User/)]);
  expect(terminal.notes.join()).not.toContain('\u001b');
  expect(terminal.printed).toEqual([]);
});
