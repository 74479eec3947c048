import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSecondsOf, cpuSecondsOfEndedChildren, peakMemoryMb } from './process-accounts.ts';

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** What a line of its output says about how many records it has moved so far; absent: its effect is watched. */
  readonly movedIn?: (line: string) => number | undefined;
  /** It ends well only when all is moved, and does not say so. */
  readonly endMeansAll?: boolean;
  /** It goes on when all is moved, as a worker does: measured up to then and stopped. */
  readonly keepsRunning?: boolean;
}

export interface Work {
  readonly records: number;
  /** How many records have arrived, seen from outside. */
  readonly moved: () => Promise<number>;
}

/** One run of one contender; seconds count from the start of its process. */
export interface Run {
  readonly firstSeconds: number;
  readonly lastSeconds: number;
  readonly movedAtFirst: number;
  readonly cpuSecondsAtFirst: number;
  readonly cpuSeconds: number;
  readonly peakMemoryMb: number;
}

interface Mark {
  readonly seconds: number;
  readonly moved: number;
  readonly cpuSeconds: number;
}

const lookEveryMs = 10;
/** Three minutes and more for long runs: no contender is that slow, even on a busy machine. */
const mostSecondsFor = (records: number): number => 180 + records / 20_000;

/** Runs one contender and waits until all records are moved. Throws when it fails or takes far too long. */
export async function measuredRun(launch: Launch, { records, moved }: Work): Promise<Run> {
  const before = cpuSecondsOfEndedChildren();
  const start = performance.now();
  const child = new Child(launch);
  let first: Mark | undefined;
  let last: Mark | undefined;
  let peak = 0;
  const mostSeconds = mostSecondsFor(records);
  try {
    while (last === undefined || !(child.ended || launch.keepsRunning === true)) {
      peak = Math.max(peak, child.peakMemoryMb());
      const mark: Mark = {
        moved: launch.movedIn === undefined ? await moved() : child.movedOf(records),
        seconds: (performance.now() - start) / 1000,
        cpuSeconds: child.cpuSeconds() ?? cpuSecondsOfEndedChildren() - before,
      };
      if (mark.moved > 0) first ??= mark;
      if (mark.moved >= records) last ??= mark;
      else if (child.ended) throw child.failure(`${mark.moved} of ${records} records moved`);
      if (mark.seconds > mostSeconds) throw child.failure(`not done after ${mostSeconds} seconds`);
      await sleep(lookEveryMs);
    }
  } finally {
    await child.stop();
  }
  if (first === undefined) throw child.failure('nothing was moved');
  return {
    firstSeconds: first.seconds,
    lastSeconds: last.seconds,
    movedAtFirst: first.moved,
    cpuSecondsAtFirst: first.cpuSeconds,
    cpuSeconds: launch.keepsRunning === true ? last.cpuSeconds : cpuSecondsOfEndedChildren() - before,
    peakMemoryMb: peak,
  };
}

const stopMs = 10_000;

/** The process under measurement; stopped by its own id, and killed when it does not listen. */
class Child {
  #moved = 0;
  readonly #process: ChildProcess;
  readonly #launch: Launch;
  #output = '';

  constructor(launch: Launch) {
    this.#launch = launch;
    this.#process = spawn(launch.command, launch.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    if (this.#process.stdout !== null)
      createInterface({ input: this.#process.stdout }).on('line', (line) => {
        this.#moved = launch.movedIn?.(line) ?? this.#moved;
        this.#keep(`${line}\n`);
      });
    this.#process.stderr?.on('data', (text: Buffer) => this.#keep(text.toString()));
    this.#process.on('error', (error) => this.#keep(error.message));
  }

  /** Its output is read to the end by then. */
  get ended(): boolean {
    const { exitCode, signalCode, stdout } = this.#process;
    return (exitCode !== null || signalCode !== null) && stdout?.readableEnded !== false;
  }

  /** Records moved by its own account, of so many. */
  movedOf(records: number): number {
    return this.ended && this.#process.exitCode === 0 && this.#launch.endMeansAll === true
      ? records
      : this.#moved;
  }

  cpuSeconds = (): number | undefined => {
    const { pid, exitCode } = this.#process;
    return pid === undefined || exitCode !== null ? undefined : cpuSecondsOf(pid);
  };

  peakMemoryMb = (): number => (this.#process.pid === undefined ? 0 : (peakMemoryMb(this.#process.pid) ?? 0));

  failure = (what: string): Error =>
    new Error(`${this.#launch.command} ${this.#launch.args.join(' ')}: ${what}\n${this.#output}`);

  async stop(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#process;
    if (exitCode !== null || signalCode !== null || pid === undefined) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const killer = setTimeout(() => this.#process.kill('SIGKILL'), stopMs);
    await exited;
    clearTimeout(killer);
  }

  #keep(text: string): void {
    this.#output = `${this.#output}${text}`.slice(-3000);
  }
}
