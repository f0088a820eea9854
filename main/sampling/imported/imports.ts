/** The contract's import calls: takes files in, opens them in place of this machine, closes them again. */
import { areSameThresholds, THRESHOLDS } from '../../core/assess.ts';
import type { Outcome, Thresholds } from '../../core/model.ts';
import type { Fact } from '../../core/readings.ts';
import type { Sampler } from '../sampler.ts';
import { openImport, type ImportReport } from './open-import.ts';
import { readFiles, type ImportReading, type Slices } from './read-files.ts';
import { Uploads, type UploadedFile } from './uploads.ts';

export interface ImportsOptions {
  slices: Slices;
  poolLimit: number;
  nowMs(): number;
  /** Another machine is shown now, or this one again. */
  onChange(): void;
}

export type ImportCall = 'import.begin' | 'import.piece' | 'import.finish' | 'import.close';

/** Ids of snapshots of files, far from those that live sampling counts up to. */
const FIRST_SNAPSHOT_ID = 2 ** 40;

export class Imports {
  private readonly options: ImportsOptions;
  private readonly uploads = new Uploads();
  /** What was read of the newest import, for a choice of system that comes later. */
  private newest: { importId: string; reading: ImportReading } | null = null;
  private openedCount = 0;
  /** How what is shown was opened; null while nothing is. */
  private openedBy: { reading: ImportReading; profileId: string | null } | null = null;
  private thresholds: Thresholds = THRESHOLDS;
  /** The import that is shown, or null: this machine is. */
  opened: Sampler | null = null;
  /** What its files tell beside sockets; null while none is shown. */
  openedFacts: readonly Fact[] | null = null;

  constructor(options: ImportsOptions) {
    this.options = options;
  }

  /** The arguments were checked by the contract's schemas. */
  async answer(name: ImportCall, args: unknown): Promise<Outcome<unknown>> {
    switch (name) {
      case 'import.begin':
        return this.uploads.begin((args as { files: UploadedFile[] }).files);
      case 'import.piece': {
        const { importId, fileIndex, data } = args as { importId: string; fileIndex: number; data: string };
        return this.uploads.add(importId, fileIndex, data);
      }
      case 'import.finish': {
        const { importId, profileId } = args as { importId: string; profileId: string | null };
        return this.finish(importId, profileId);
      }
      case 'import.close':
        return { ok: true, value: { closed: this.close() } };
    }
  }

  /** Judges what is shown again. */
  setThresholds(thresholds: Thresholds): void {
    if (areSameThresholds(thresholds, this.thresholds)) return;
    this.thresholds = thresholds;
    const { opened: before, openedBy } = this;
    if (!openedBy) return;
    this.open(openedBy.reading, openedBy.profileId);
    before?.pinned.forEach((sample, id) => this.opened?.pinned.set(id, sample));
  }

  private async finish(importId: string, profileId: string | null): Promise<Outcome<ImportReport>> {
    const reading = await this.readOnce(importId);
    if (!reading.ok) return reading;
    return this.open(reading.value, profileId);
  }

  private open(reading: ImportReading, profileId: string | null): Outcome<ImportReport> {
    const { poolLimit, nowMs } = this.options;
    const { thresholds } = this;
    const outcome = openImport(reading, { profileId, poolLimit, thresholds, nowMs: nowMs() });
    if (!outcome.ok) return outcome;
    const { sampler, report } = outcome.value;
    if (sampler) {
      this.openedBy = { reading, profileId };
      this.show(sampler, reading.facts);
    }
    return { ok: true, value: report };
  }

  private async readOnce(importId: string): Promise<Outcome<ImportReading>> {
    if (this.newest?.importId === importId) return { ok: true, value: this.newest.reading };
    const files = await this.uploads.unpack(importId);
    if (!files.ok) return files;
    const reading = await readFiles(files.value, this.options.slices);
    this.uploads.drop(importId);
    if (reading.ok) this.newest = { importId, reading: reading.value };
    return reading;
  }

  private show(sampler: Sampler, facts: readonly Fact[]): void {
    if (sampler.last) sampler.last.table.snapshotId = FIRST_SNAPSHOT_ID + ++this.openedCount;
    this.opened = sampler;
    this.openedFacts = facts;
    this.options.onChange();
  }

  /** False when nothing was open. */
  private close(): boolean {
    const wasOpen = this.opened !== null;
    this.opened = null;
    this.openedBy = null;
    this.openedFacts = null;
    this.newest = null;
    if (wasOpen) this.options.onChange();
    return wasOpen;
  }
}
