import { describe, expect, it } from 'vitest';
import { MAX_PROBLEMS, type SocketReading } from '../../../main/core/readings.ts';
import { emptySocket, MAX_FACTS, ReadingBuilder } from '../../../main/probes/reading-builder.ts';

describe('ReadingBuilder', () => {
  it('hands sockets on in order and counts what it was told', () => {
    const taken: SocketReading[] = [];
    const builder = new ReadingBuilder('ss', 'linux', (socket) => taken.push(socket));
    builder.socket(emptySocket(2, 4));
    builder.socket(emptySocket(3, 6));
    builder.skip('udp');
    builder.skip('udp');
    builder.cut();
    expect(builder.done()).toEqual({
      format: 'ss',
      system: 'linux',
      rows: 2,
      facts: [],
      skipped: [{ what: 'udp', count: 2 }],
      problems: [],
      problemCount: 0,
      truncated: true,
    });
    expect(taken).toEqual([emptySocket(2, 4), emptySocket(3, 6)]);
  });

  it('T1: shows the text of a problem without what could move a cursor, and cut', () => {
    const builder = new ReadingBuilder('ss', 'linux', () => undefined);
    builder.problem(7, `\x1b[2J${'x'.repeat(10_000_000)}`, 'no port');
    const [problem] = builder.done().problems;
    expect(problem?.text.startsWith('\\x1b[2Jxxx')).toBe(true);
    expect(problem?.text.length).toBeLessThan(300);
    expect(problem).toMatchObject({ line: 7, why: 'no port' });
  });

  it('keeps the first problems and counts all', () => {
    const builder = new ReadingBuilder('ss', 'linux', () => undefined);
    for (let line = 1; line <= MAX_PROBLEMS + 5; line++) builder.problem(line, 'x', 'y');
    const reading = builder.done();
    expect(reading.problems).toHaveLength(MAX_PROBLEMS);
    expect(reading.problemCount).toBe(MAX_PROBLEMS + 5);
  });

  it('bounds facts and kinds of skipped rows, which may come from the output', () => {
    const builder = new ReadingBuilder('sysctl', null, () => undefined);
    for (let line = 0; line < MAX_FACTS + 3; line++)
      builder.fact({ line, kind: 'note', name: 'a', value: 'b' });
    for (let kind = 0; kind < 1000; kind++) builder.skip(`kind ${kind}`);
    const reading = builder.done();
    expect(reading.facts).toHaveLength(MAX_FACTS);
    expect(reading.skipped.find(({ what }) => what === 'facts')).toEqual({ what: 'facts', count: 3 });
    expect(reading.skipped.length).toBeLessThanOrEqual(51);
  });
});
