/** The arguments of `serve`. */
import { parseArgs } from 'node:util';
import type { Outcome } from '../../core/model.ts';
import { MIN_TOKEN_LENGTH, TOKEN_RECIPE } from './metrics-token.ts';
import { DEFAULT_PORT } from './server.ts';

export interface ServeArguments {
  /** 0 picks a free one. */
  port: number;
  isOpening: boolean;
  /** Where the token of /metrics is; null: there is no /metrics. */
  metricsTokenFile: string | null;
  isHelp: boolean;
}

export const SERVE_HELP = `Usage: fourtuple serve [--port N] [--open] [--metrics-token-file FILE]

Serves the workbench to browsers of this machine, on 127.0.0.1 and ::1 only, and prints its address. The address
holds a code that works once, for five minutes. From elsewhere: ssh -L ${DEFAULT_PORT}:127.0.0.1:${DEFAULT_PORT} this-machine

  --port N   port to listen on (default ${DEFAULT_PORT}; 0: any free one)
  --open     open the address in the browser
  --help     this text

  --metrics-token-file FILE   answer GET /metrics with OpenMetrics text to those who send the token in FILE
                              (Authorization: Bearer …): a file of yours, mode 0600, one line of at least
                              ${MIN_TOKEN_LENGTH} characters: ${TOKEN_RECIPE}`;

/** Fails with 'invalid' naming the argument that is wrong. */
export function parseServeArguments(argv: readonly string[]): Outcome<ServeArguments> {
  const options = {
    port: { type: 'string' },
    open: { type: 'boolean' },
    'metrics-token-file': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values } = parseArgs({ args: withDashedPort(argv), options, allowPositionals: false });
    const port = values.port ?? String(DEFAULT_PORT);
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
      return invalid('--port', `write a number from 0 to 65535 instead of “${port.slice(0, 40)}”`);
    }
    const tokenFile = values['metrics-token-file'] ?? null;
    if (tokenFile === '') return invalid('--metrics-token-file', 'name the file that holds the token');
    return {
      ok: true,
      value: {
        port: Number(port),
        isOpening: values.open ?? false,
        metricsTokenFile: tokenFile,
        isHelp: values.help ?? false,
      },
    };
  } catch (error) {
    // parseArgs throws for unknown options and missing values, with a message meant for people.
    return invalid('the command line', error instanceof Error ? error.message : String(error));
  }
}

/** `--port -1` as `--port=-1`: parseArgs calls the former ambiguous instead of handing over the value. */
function withDashedPort(argv: readonly string[]): string[] {
  const at = argv.findIndex((word, index) => word === '--port' && argv[index + 1]?.startsWith('-'));
  return at < 0 ? [...argv] : [...argv.slice(0, at), `--port=${argv[at + 1]}`, ...argv.slice(at + 2)];
}

function invalid(field: string, message: string): Outcome<never> {
  return {
    ok: false,
    failure: { code: 'invalid', field, message: `${message.replace(/\.$/, '')}; see --help` },
  };
}
