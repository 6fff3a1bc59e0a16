import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';

export interface Diagnostic {
  source: string;
  range: { start: { line: number } };
  level: string;
  code: string;
  message: string;
}

/** A resource as a deployment would send it; what only Azure knows stays an expression in brackets. */
export interface Predicted {
  id: string;
  type: string;
  name: string;
  location?: string;
  /** Whether it is made, where only Azure knows. */
  condition?: string;
  identity?: Record<string, unknown>;
  sku?: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is that of any Azure resource.
  properties: any;
}

export interface BicepCompiler {
  version: () => Promise<string>;
  /** What the compiler and its linter say of a template and of all that it uses, and the ARM template that it becomes. */
  compile: (path: string) => Promise<{ diagnostics: Diagnostic[]; contents?: string }>;
  /** The same of a parameter file and of the template that it is for. */
  compileParams: (path: string) => Promise<{ diagnostics: Diagnostic[]; template?: string }>;
  /** The text of a file as `bicep format` would leave it. */
  format: (path: string) => Promise<string>;
  /** Every file that is read to compile this one, itself included. */
  references: (path: string) => Promise<string[]>;
  /**
   * What a deployment of `template` with these lines of a parameter file would make. Rejects with the words of `fail()`.
   * An ARM template takes a fifth of the time of Bicep, which is compiled each time.
   */
  predict: (template: string, params: string) => Promise<Predicted[]>;
  close: () => Promise<void>;
}

const PLACE = {
  tenantId: '33333333-3333-3333-3333-333333333333',
  subscriptionId: '44444444-4444-4444-4444-444444444444',
  resourceGroup: 'rg',
  location: 'westeurope',
  deploymentName: 'keywatch',
};

/**
 * Starts the compiler as a server of JSON-RPC over its standard streams: one start, and its types are read once. It
 * ends when it is closed, or with this process.
 *
 * @param asked what `readEnvironmentVariable()` finds, beside the environment of this process.
 */
export const startBicepCompiler = async (
  program: string,
  asked: Readonly<Record<string, string>>,
): Promise<BicepCompiler> => {
  const env = {
    ...{ ...process.env, ...asked, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    // It lives for seconds: to compile its code first in a hurry and then well costs more than to do it once.
    DOTNET_TieredCompilation: '0',
    // For the same reason its garbage is collected at every 256 MiB, in hexadecimal, and not at every few.
    ...{ DOTNET_GCgen0size: '10000000', DOTNET_gcConcurrent: '0' },
  };
  const child = spawn(program, ['jsonrpc', '--stdio'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const call = rpc(child.stdin, child.stdout);

  return {
    version: async () => (await call('bicep/version', {})).version,
    compile: (path) => call('bicep/compile', { path }),
    format: async (path) => (await call('bicep/format', { path })).contents,
    references: async (path) => (await call('bicep/getFileReferences', { path })).filePaths,
    compileParams: (path) => call('bicep/compileParams', { path, parameterOverrides: {} }),
    predict: async (template, params) => {
      const folder = await mkdtemp(join(tmpdir(), 'keywatch-bicep-'));
      try {
        const path = join(folder, 'values.bicepparam');
        const using = relative(folder, template).replaceAll(sep, '/');
        await writeFile(path, `using '${using}'\n${params}\n`);
        const { snapshot } = await call('bicep/getSnapshot', { path, metadata: PLACE });
        return JSON.parse(snapshot).predictedResources;
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

// biome-ignore lint/suspicious/noExplicitAny: each method of the server answers in a shape of its own.
type Call = (method: string, params: object) => Promise<any>;

/** Requests and answers framed by `Content-Length`, as in the language server protocol. */
const rpc = (input: NodeJS.WritableStream, output: NodeJS.ReadableStream): Call => {
  type Message = { id: number; result?: unknown; error?: { message: string } };
  const waiting = new Map<number, (message: Message) => void>();
  let received = Buffer.alloc(0);
  let last = 0;
  output.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, end).toString())?.[1]);
      if (end < 0 || received.length < end + 4 + length) return;
      const message: Message = JSON.parse(received.subarray(end + 4, end + 4 + length).toString());
      received = received.subarray(end + 4 + length);
      waiting.get(message.id)?.(message);
    }
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      const id = last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(error.message));
      });
      const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
      input.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
};
