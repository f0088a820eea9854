import type { WhatIfCatalogue } from '../../stores/what-if.ts';

export type Topic = 'wait' | 'range' | 'reuse';
type Folklore = WhatIfCatalogue['folklore'][number];

/** Where a question is met: beside the field whose value it is about. */
const TOPICS: Record<Topic, readonly string[]> = {
  wait: ['tcp-fin-timeout', 'tcp-timed-wait-delay', 'so-linger-0', 'max-tw-buckets'],
  range: ['range-61000', 'range-1024-65535', 'netsh-dynamicport', 'max-user-port'],
  reuse: ['tw-reuse', 'tw-recycle'],
};

/** The questions about one field. */
export function questionsAbout(questions: readonly Folklore[], topic: Topic): Folklore[] {
  return questions.filter((one) => TOPICS[topic].includes(one.id));
}
