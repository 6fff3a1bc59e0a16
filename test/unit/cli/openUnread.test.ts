import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit.ts';
import { openUnread } from '../../../src/cli/openUnread.ts';
import type { EvidenceReading } from '../../../src/lib/refresh/openEvidence.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';

const open = async (reading: EvidenceReading | undefined, grantId: string | undefined = 'crm') => {
  const lines: string[] = [];
  const files = new Map<string, string>([['keywatch-unread-crm-1.json', 'older']]);
  const exitCode = await openUnread(
    { openEvidence: async () => reading },
    { print: (line) => void lines.push(line), note: (line) => void lines.push(line) },
    {
      grantId,
      createPrivateFile: (name, text) => !files.has(name) && files.set(name, text) === files,
    },
  );
  return { exitCode, lines: lines.join('\n'), files };
};

const answers = [
  { seq: 2, text: '{"bodyLatin1":"CANARY"}' },
  { seq: 1, text: '{"bodyLatin1":"CANARY"}' },
];

describe('opening what could not be read', () => {
  it('writes each answer into a file of its own, covers none, and shows nothing of them', async () => {
    const { exitCode, lines, files } = await open({ ok: true, answers, unopened: 1 });
    expect(files.get('keywatch-unread-crm-2.json')).toContain('CANARY');
    expect(files.get('keywatch-unread-crm-1.json')).toBe('older');
    expect(lines).not.toContain('CANARY');
    expect(lines).toContain('1 more do not open');
    expect(exitCode).toBe(EXIT.attention);
  });

  it('says so where there is nothing, and where it cannot be had', async () => {
    expect((await open({ ok: true, answers: [], unopened: 0 })).exitCode).toBe(EXIT.quiet);
    const away = await open(failure('seal', 'key_gone'));
    expect(away.exitCode).toBe(EXIT.failed);
    expect(away.lines).toContain('key_gone');
  });

  it('refuses without a grant, and for one that is not refreshed', async () => {
    await expect(open(undefined)).rejects.toThrow('refreshes no grant');
    const options = { grantId: undefined, createPrivateFile: () => true };
    const terminal = { print: () => undefined, note: () => undefined };
    const refresher = { openEvidence: async () => undefined };
    await expect(openUnread(refresher, terminal, options)).rejects.toThrow('--grant ID');
  });
});
