/** The records of one topic-partition that a file holds: both offsets are inclusive. */
export interface OffsetRange {
  readonly start: bigint;
  readonly end: bigint;
}

export interface PartitionName {
  readonly topic: string;
  readonly partition: number;
}

/** `orders+0+0000000042+0000000050.jsonl`. A topic's name cannot contain a plus sign. */
export function fileName({ topic, partition }: PartitionName, range: OffsetRange, padWidth: number): string {
  const pad = (offset: bigint): string => String(offset).padStart(padWidth, '0');
  return `${topic}+${partition}+${pad(range.start)}+${pad(range.end)}.jsonl`;
}

/** Null for a name that is not a finished file of that partition, whatever else lies in the folder. */
export function parseFileName(name: string, { topic, partition }: PartitionName): OffsetRange | null {
  const prefix = `${topic}+${partition}+`;
  if (!name.startsWith(prefix)) return null;
  const match = /^(\d+)\+(\d+)\.jsonl$/.exec(name.slice(prefix.length));
  const [, start, end] = match ?? [];
  return start === undefined || end === undefined ? null : { start: BigInt(start), end: BigInt(end) };
}
