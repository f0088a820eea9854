/** The settings of systems that tell them through commands of their own: Windows, macOS, the BSDs. */
import type { Fact } from '../core/readings.ts';
import { fillArguments } from '../probes/arguments.ts';
import type { Probe } from '../probes/probe.ts';
import type { RunCommand } from '../terminal/run.ts';
import { openDecoder } from './output-decoder.ts';

/** Milliseconds that an answer serves: a plan is made anew with each parameter, and PowerShell takes seconds. */
const KEPT_MS = 10_000;

export interface SettingsParts {
  /** The catalogue of this system. */
  probes: readonly Probe[];
  run: RunCommand;
  /** As Intl names it: "ja-JP". */
  locale: string;
  /** Epoch milliseconds. */
  now(): number;
}

export class SettingsByCommands {
  readonly #parts: SettingsParts;
  #facts: Promise<Fact[]> | null = null;
  #askedAtMs = 0;

  constructor(parts: SettingsParts) {
    this.#parts = parts;
  }

  /** What a command that could not be run would tell is not among them, and so stays unknown. */
  read(): Promise<Fact[]> {
    const nowMs = this.#parts.now();
    if (this.#facts === null || Math.abs(nowMs - this.#askedAtMs) > KEPT_MS) {
      this.#askedAtMs = nowMs;
      this.#facts = this.#readAll();
    }
    return this.#facts;
  }

  /** Something was changed. */
  forget(): void {
    this.#facts = null;
  }

  async #readAll(): Promise<Fact[]> {
    const probes = this.#parts.probes.filter(({ group }) => group === 'settings');
    const read = await Promise.all(probes.map((probe) => this.#readOne(probe)));
    return read.flat();
  }

  async #readOne(probe: Probe): Promise<Fact[]> {
    const { run, locale } = this.#parts;
    const argv = fillArguments(probe, []);
    if (!argv.ok) return [];
    const ran = await run({ tool: probe.tool, argv: argv.value, way: 'quiet' });
    if (!ran.ok) return [];
    const decoder = openDecoder(probe.encoding, locale);
    const text = decoder.decode(ran.value.stdout) + decoder.end();
    return probe.parse(text, () => {}).facts;
  }
}
