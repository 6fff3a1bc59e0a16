import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneRefusedToken, refusedForGood, startTokenService } from '../../fakes/startTokenService.ts';
import { compilable, expressionsIn } from './expressions.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PROJECT = join(import.meta.dirname, 'dotnet/Samples.csproj');
/** `.ci/run` restores it wherever there is a .NET SDK. */
const isRestored = existsSync(join(ROOT, 'node_modules/.samples/obj/Samples/project.assets.json'));
/** No server of the compiler stays behind. */
const ENV = {
  ...process.env,
  DOTNET_CLI_TELEMETRY_OPTOUT: '1',
  DOTNET_NOLOGO: '1',
  MSBUILDDISABLENODEREUSE: '1',
  // No process lives long enough for its code to be compiled a second time, and better.
  ...{ DOTNET_TieredPGO: '0', DOTNET_TC_CallCounting: '0' },
  // For the same reason its garbage is collected at every 256 MiB, in hexadecimal, and not at every few.
  ...{ DOTNET_GCgen0size: '10000000', DOTNET_gcConcurrent: '0' },
};

const run = promisify(execFile);

describe.skipIf(!isRestored)(
  'with the .NET SDK (dotnet restore test/integration/samples/dotnet/Samples.csproj)',
  () => {
    let folder = '';
    let service: Awaited<ReturnType<typeof startTokenService>>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'keywatch-samples-'));
      service = await startTokenService();
      const policy = readFileSync(join(ROOT, 'samples/apim-policy.xml'), 'utf8')
        .replaceAll('{{keywatch-address}}', service.address)
        .replaceAll('{{keywatch-client-id}}', 'api-client-id');
      await writeFile(join(folder, 'policy.xml'), policy);
      await writeFile(join(folder, 'Expressions.cs'), compilable(expressionsIn(policy)));
      const given = [
        '--no-restore',
        '-v',
        'quiet',
        '-p:UseSharedCompilation=false',
        `-p:Expressions=${folder}/Expressions.cs`,
      ];
      await run('dotnet', ['build', PROJECT, '-o', join(folder, 'bin'), ...given], { env: ENV });
    });
    afterAll(async () => {
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const calls = async (sample: 'token' | 'crowd' | 'policy'): Promise<string[]> => {
      const args = [join(folder, 'bin/Samples.dll'), sample, service.address, join(folder, 'policy.xml')];
      return (await run('dotnet', args, { env: ENV })).stdout.trim().split('\n');
    };

    it.each([
      ['the sample in C#', 'token', 'identity for api-client-id/.default'],
      ['the policy of API Management', 'policy', 'identity for api-client-id'],
    ] as const)(
      '%s reports a refused token once by its hash, calls once more, and keeps the new one',
      async (_, sample, by) => {
        service.plays({ refusedTokens: 1 });
        expect(await calls(sample)).toEqual(['200', '200']);
        expect(service.seen).toEqual(oneRefusedToken(by));
      },
    );

    it('the sample in C# asks once for all that call at the same time, and reports once what they saw refused', async () => {
      service.plays({ refusedTokens: 1 });
      expect(new Set(await calls('crowd'))).toEqual(new Set(['200']));
      expect(service.seen.filter((each) => each.startsWith('POST'))).toHaveLength(2);
    });

    it('the policy hands a second refusal on, instead of trying for ever', async () => {
      service.plays({ refusedTokens: 9 });
      expect((await calls('policy'))[0]).toBe('401');
      expect(service.seen.slice(0, 4)).toEqual(refusedForGood('identity for api-client-id'));
    });

    it('the policy says when to ask again where there is no token, and calls nobody without one', async () => {
      service.plays({ isThere: false });
      expect(await calls('policy')).toEqual(['503 7', '503 7']);
      expect(service.seen.filter((each) => each.startsWith('partner'))).toEqual([]);
    });
  },
);
