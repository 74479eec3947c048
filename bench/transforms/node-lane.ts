import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { profiled, type Share } from '../cpu-profile.ts';
import { linesOf } from '../lines-of.ts';
import { jsonLane, parseLane, stringifyLane } from './json-lane.ts';
import { type CaseConfig, type Lane, readLane, workerLane, writeLane } from './worker-lane.ts';

/** The lanes that run in Node, by the name bench.ts knows them under. */
const lanes: Readonly<Record<string, (values: readonly Uint8Array[], config: CaseConfig) => Lane>> = {
  ours: workerLane,
  json: jsonLane,
  read: readLane,
  parse: parseLane,
  write: writeLane,
  stringify: stringifyLane,
};

/** One round as a contender reports it, in one line of JSON. JavaChain.java writes the same. */
export interface Round {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly peakMemoryMb: number;
  readonly shares?: readonly Share[];
}

/** Each line of stdin asks for a round: the number of records, and `profile` where time is to be told by place. */
async function answerRounds(lane: Lane): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const [count = '0', mode] = line.split(' ');
    const cpu = process.cpuUsage();
    const start = performance.now();
    const work = () => lane(Number(count));
    const { result: bytes, shares } =
      mode === 'profile' ? await profiled(work) : { result: await work(), shares: undefined };
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const round: Round = {
      seconds,
      cpuSeconds: (user + system) / 1e6,
      bytes,
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
      ...(shares === undefined ? {} : { shares }),
    };
    process.stdout.write(`${JSON.stringify(round)}\n`);
  }
}

const [name = '', recordsFile = '', config = '{}'] = process.argv.slice(2);
const lane = lanes[name];
if (lane === undefined) throw new Error(`no lane is called ${name}`);
await answerRounds(lane(linesOf(readFileSync(recordsFile)), JSON.parse(config) as CaseConfig));
