/** What commands told besides the sockets, each as long as it stands: settings, counters, names of processes. */
import type { Degradation, Failure, StackCounters } from '../../core/model.ts';
import type { Fact } from '../../core/readings.ts';
import { failureSentence } from '../../core/words/failure.ts';
import type { Probe } from '../../probes/probe.ts';
import { countersFrom } from '../readings/counters.ts';
import type { ReadingOwners } from '../readings/owners.ts';
import type { SampleCommands } from './commands.ts';

export type Told = { ok: true; text: string } | { ok: false; failure: Failure };

interface Standing {
  facts: readonly Fact[];
  failure: Failure | null;
  atMs: number;
}

export class ToldFacts {
  private readonly commands: SampleCommands;
  private readonly owners: ReadingOwners;
  private readonly standing = new Map<string, Standing>();
  private countersNow: Standing[] = [];

  constructor(commands: SampleCommands, owners: ReadingOwners) {
    this.commands = commands;
    this.owners = owners;
  }

  /** The commands to run with the listing that begins at `nowMs` (a clock that only goes forward). */
  due(nowMs: number): Probe[] {
    const { settings, counters, processes } = this.commands;
    const paced = processes ? [...settings, processes] : settings;
    const isDue = (probe: Probe, everyMs: number) =>
      nowMs - (this.standing.get(probe.id)?.atMs ?? -Infinity) >= everyMs;
    return [
      ...paced.filter(({ probe, everyMs }) => isDue(probe, everyMs)).map(({ probe }) => probe),
      ...counters,
    ];
  }

  /** Keeps what the commands of one refresh told. What a failed one told before stands no longer. */
  keep(told: ReadonlyMap<Probe, Told>, atMs: number): void {
    const { counters, processes } = this.commands;
    this.countersNow = [];
    for (const [probe, output] of told) {
      const facts = output.ok ? probe.parse(output.text, () => undefined).facts : [];
      const standing = { facts, failure: output.ok ? null : output.failure, atMs };
      if (counters.includes(probe)) this.countersNow.push(standing);
      else this.standing.set(probe.id, standing);
      if (probe === processes?.probe && output.ok) this.nameProcesses(facts);
    }
  }

  settingFacts(): Fact[] {
    return this.commands.settings.flatMap(({ probe }) => this.standing.get(probe.id)?.facts ?? []);
  }

  /** Of this refresh; null where a command failed: a count that is older would look like no change. */
  counters(): StackCounters {
    return countersFrom(this.countersNow.flatMap(({ facts }) => facts));
  }

  /** One for each command that failed when it was last run. */
  degradations(): Degradation[] {
    const failed = [...this.standing].flatMap(([id, { failure }]) => (failure ? [{ id, failure }] : []));
    return failed.map(({ id, failure }) => ({
      code: `command-failed:${id}`,
      sentence: failureSentence(failure),
    }));
  }

  private nameProcesses(facts: readonly Fact[]): void {
    this.owners.forgetProcesses();
    for (const fact of facts) {
      if (fact.kind === 'process') this.owners.noteProcess(fact.pid, fact.name, fact.commandLine);
    }
  }
}
