/**
 * A system that is sampled through its own commands: Windows, macOS, the BSDs. What it does not tell (timers of closed
 * connections, mostly their owners) stays unknown; the sampler then counts ages from first sight.
 */
import { hostname, networkInterfaces, release } from 'node:os';
import type { Degradation, Outcome, StackSettings, Target } from '../../core/model.ts';
import type { Probe } from '../../probes/probe.ts';
import { sanitiseText } from '../../core/sanitise.ts';
import type { RunCommand } from '../../terminal/run.ts';
import { giveTupleCookies } from '../continuity.ts';
import { TableFiller } from '../readings/fill-table.ts';
import { ReadingOwners } from '../readings/owners.ts';
import { extrasFrom } from '../readings/extras.ts';
import { CLOCK_UNCERTAIN, HOLD_ASSUMED, settingsFrom } from '../readings/settings.ts';
import type { SocketTable } from '../socket-table.ts';
import type { DumpFacts, Platform, PlatformExtras, SocketSource } from '../source.ts';
import type { SampleCommands } from './commands.ts';
import { HoldMeter } from './hold-meter.ts';
import { runProbe } from './run-probe.ts';
import { ToldFacts, type Told } from './told.ts';

export interface PortablePlatformOptions {
  commands: SampleCommands;
  run: RunCommand;
  /** Epoch milliseconds. */
  nowMs(): number;
  monotonicMs(): number;
  /** The machine's own; by default read from the system. */
  target?: Target;
  /** Its addresses other than of the loopback; by default read from the system. */
  addresses?(): string[];
  /** Ends what `run` may have under way. */
  end?(): void;
}

interface Listing {
  text: string;
  /** The middle of the run: what the listing speaks of. */
  monotonicMs: number;
  tookMs: number;
}

/** The parts for this machine; nothing is run before the first refresh. */
export function createPortablePlatform(options: PortablePlatformOptions): Platform {
  const portable = new PortablePlatform(options);
  return {
    openSource: () => ({ ok: true, value: { source: portable.source, degradations: portable.limits() } }),
    reader: {
      readTarget: () => options.target ?? readTarget(),
      readSettings: () => portable.readSettings(),
      readCounters: () => portable.told.counters(),
    },
    owners: portable.owners,
    readExtras: () => portable.readExtras(),
    refresh: (signal) => portable.refresh(signal),
  };
}

class PortablePlatform {
  readonly owners = new ReadingOwners();
  readonly told: ToldFacts;
  private readonly options: PortablePlatformOptions;
  private readonly hold = new HoldMeter();
  private listing: Listing | null = null;
  private underWay: Promise<unknown> = Promise.resolve();

  constructor(options: PortablePlatformOptions) {
    this.options = options;
    this.told = new ToldFacts(options.commands, this.owners);
  }

  readonly source: SocketSource = {
    name: 'netstat',
    dump: (table) => this.dump(table),
    dumpLive: () => {
      const why = 'this system lists sockets through a command';
      return { ok: false, failure: { code: 'unsupported', what: 'a glance at open connections', why } };
    },
    close: () => this.options.end?.(),
  };

  /** What this way of sampling cannot tell, said once. */
  limits(): Degradation[] {
    const tool = this.options.commands.sockets.tool;
    const sentence =
      `Sockets are listed by ${tool}, which tells no timers: when a closed connection gives its port back is ` +
      'counted from when it was first seen closed, and connections that open and close between two listings may be missed.';
    return [{ code: 'source-listing', sentence }];
  }

  /** Lists the sockets, and what else is due. One at a time: a second call waits for the first to end. */
  refresh(signal: AbortSignal): Promise<Outcome<true>> {
    const next = this.underWay.then(() => this.runCommands(signal));
    this.underWay = next.catch(() => undefined);
    return next;
  }

  readSettings(): { settings: StackSettings; degradations: Degradation[] } {
    const { settings, degradations } = this.toldSettings();
    const hold = this.measuredHold(settings);
    const ends = this.timeWaitEnds(settings);
    const kept = degradations.flatMap((degradation): Degradation[] => {
      if (degradation.code === HOLD_ASSUMED) return hold === null ? [degradation] : [];
      if (degradation.code !== CLOCK_UNCERTAIN || ends === null) return [degradation];
      return ends ? [] : [{ code: CLOCK_UNCERTAIN, sentence: NEVER_ENDS }];
    });
    return {
      settings: hold === null ? settings : { ...settings, timeWaitSeconds: hold, timeWaitBasis: 'measured' },
      degradations: [...kept, ...this.told.degradations()],
    };
  }

  readExtras(): PlatformExtras {
    const { options } = this;
    return extrasFrom(options.commands.system, this.told.settingFacts(), {
      atMs: options.nowMs(),
      timeWaitEnds: this.timeWaitEnds(this.toldSettings().settings),
      surroundings: {
        addresses: options.addresses?.() ?? ownAddresses().map(({ address }) => address),
        container: null,
        cloud: null,
      },
    });
  }

  private toldSettings() {
    const { commands, nowMs } = this.options;
    return settingsFrom(commands.system, this.told.settingFacts(), null, nowMs());
  }

  /** Seconds: those told where the measure agrees with them. On Linux the kernel's constant stays. */
  private measuredHold({ timeWaitSeconds }: StackSettings): number | null {
    const measured = this.options.commands.system === 'linux' ? null : this.hold.measured();
    if (measured === null) return null;
    const { seconds, errorSeconds } = measured;
    return Math.abs(seconds - timeWaitSeconds) <= errorSeconds ? timeWaitSeconds : seconds;
  }

  private timeWaitEnds(settings: StackSettings): boolean | null {
    return this.hold.timeWaitEnds(this.measuredHold(settings) ?? settings.timeWaitSeconds);
  }

  private async runCommands(signal: AbortSignal): Promise<Outcome<true>> {
    const { commands, run, monotonicMs } = this.options;
    const startedMs = monotonicMs();
    this.listing = null;
    const listed = await runProbe(run, commands.sockets, signal);
    if (!listed.ok) return listed;
    const listedMs = (startedMs + monotonicMs()) / 2;
    // After the listing, not beside it: the moment that it speaks of stays short.
    const due = this.told.due(startedMs);
    const outputs = await Promise.all(due.map((probe) => this.runDue(probe, signal)));
    if (signal.aborted) {
      return { ok: false, failure: { code: 'unavailable', what: 'the sample', why: 'it was stopped' } };
    }
    this.told.keep(new Map(due.map((probe, at) => [probe, outputs[at] ?? NOT_RUN])), startedMs);
    this.listing = { text: listed.value.text, monotonicMs: listedMs, tookMs: listed.value.tookMs };
    return { ok: true, value: true };
  }

  private async runDue(probe: Probe, signal: AbortSignal): Promise<Told> {
    const outcome = await runProbe(this.options.run, probe, signal);
    return outcome.ok ? { ok: true, text: outcome.value.text } : outcome;
  }

  private dump(table: SocketTable): Outcome<DumpFacts> {
    const { listing } = this;
    table.clear();
    if (!listing) {
      return {
        ok: false,
        failure: { code: 'unavailable', what: 'the list of sockets', why: 'it was not read yet' },
      };
    }
    const { commands, monotonicMs } = this.options;
    const startedMs = monotonicMs();
    const filler = new TableFiller(table, this.owners);
    const reading = commands.sockets.parse(listing.text, (socket) => filler.add(socket));
    if (reading.rows === 0 && reading.problemCount > 0) {
      const [{ line, text } = { line: 1, text: '' }] = reading.problems;
      const source = [commands.sockets.tool, ...commands.sockets.argv].join(' ');
      return { ok: false, failure: { code: 'unreadable', source, line, text } };
    }
    giveTupleCookies(table);
    // A listing that was cut off lacks sockets that are there.
    if (!reading.truncated) this.hold.note(table, listing.monotonicMs);
    return {
      ok: true,
      value: {
        source: 'netstat',
        dumpMs: listing.tookMs + monotonicMs() - startedMs,
        approximate: reading.truncated,
        degradations: sayUnread(reading.problemCount, filler.incompleteCount, commands.sockets.tool),
        listedAgoMs: Math.max(0, startedMs - listing.monotonicMs),
      },
    };
  }
}

const NOT_RUN: Told = {
  ok: false,
  failure: { code: 'unavailable', what: 'the command', why: 'it was not run' },
};

function sayUnread(problemCount: number, incompleteCount: number, tool: string): Degradation[] {
  const degradations: Degradation[] = [];
  if (problemCount > 0) {
    const lines = problemCount === 1 ? '1 line was' : `${problemCount} lines were`;
    const sentence = `${lines} of ${tool} not understood; the sockets on them are not counted.`;
    degradations.push({ code: 'listing:lines-not-understood', sentence });
  }
  if (incompleteCount > 0) {
    const sockets = incompleteCount === 1 ? '1 socket is' : `${incompleteCount} sockets are`;
    const sentence = `An address or port of ${sockets} cut off by ${tool}; what is left of them is counted.`;
    degradations.push({ code: 'listing:incomplete-rows', sentence });
  }
  return degradations;
}

const NEVER_ENDS =
  'Closed connections are not seen to give their port back: forecasts that count on it are too good here.';

function ownAddresses() {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => !address.internal);
}

function readTarget(): Target {
  const first = ownAddresses().find((address) => address.family === 'IPv4');
  return {
    hostname: sanitiseText(hostname()),
    platform: process.platform,
    release: sanitiseText(release()),
    address: first?.address ?? null,
  };
}
