import type { Clock } from '../foundation/clock.ts';
import type { ConnectorStatus } from '../coordinator/status.ts';

/** How the terminal shows what connectors do. */
export interface Progress {
  update(statuses: readonly ConnectorStatus[]): void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

interface Rate {
  readonly at: number;
  readonly records: number;
  readonly perSecond: number;
}

/** Column widths: connector, type, state, task, run. */
const header =
  'CONNECTOR                TYPE    STATE       TASK  STATE       RUN      RECORDS     REC/S      LAG';

export function createProgress(output: ProgressOutput, clock: Clock): Progress {
  return output.isTTY === true ? liveTable(output, clock) : plainLines(output, clock);
}

/** Repaints one table in place. */
function liveTable(output: ProgressOutput, clock: Clock): Progress {
  const rates = new Rates(clock);
  let painted = 0;
  return {
    update(statuses) {
      const lines = [header, ...statuses.flatMap((status) => rows(status, rates))];
      output.write(
        `${painted > 0 ? `\u001b[${painted}A\u001b[J` : ''}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`,
      );
      painted = lines.length;
    },
  };
}

/** One line a connector, when something has changed. */
function plainLines(output: ProgressOutput, clock: Clock): Progress {
  const rates = new Rates(clock);
  const last = new Map<string, string>();
  return {
    update(statuses) {
      for (const status of statuses) {
        const records = status.tasks.reduce((sum, task) => sum + task.records, 0);
        const working = status.tasks.filter((task) => task.run !== undefined).length;
        const facts = `${status.name}: ${status.state}, ${working} of ${status.tasks.length} tasks at work, ${records} records`;
        if (last.get(status.name) === facts) continue;
        last.set(status.name, facts);
        output.write(`${facts}, ${rates.of(status.name, records)}/s\n`);
      }
    },
  };
}

function rows(status: ConnectorStatus, rates: Rates): string[] {
  const start = `${status.name.padEnd(24)} ${status.type.padEnd(7)} ${status.state.padEnd(11)}`;
  if (status.tasks.length === 0) return [`${start} ${'-'.padStart(4)}`];
  return status.tasks.map((task, i) => {
    const left = i === 0 ? start : ' '.repeat(start.length);
    const perSecond = rates.of(`${status.name}#${task.id}`, task.records);
    return `${left} ${String(task.id).padStart(4)}  ${task.state.padEnd(11)} ${String(task.run ?? '-').padEnd(8)} ${String(task.records).padStart(7)} ${String(perSecond).padStart(9)} ${(task.lag < 0 ? '-' : String(task.lag)).padStart(8)}`;
  });
}

/** Records per second of each row, smoothed over at least a second. */
class Rates {
  readonly #clock: Clock;
  readonly #last = new Map<string, Rate>();
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(key: string, records: number): number {
    const at = this.#clock.now();
    const last = this.#last.get(key);
    if (last === undefined) {
      this.#last.set(key, { at, records, perSecond: 0 });
      return 0;
    }
    if (at - last.at < 1_000) return last.perSecond;
    const perSecond = Math.max(0, Math.round(((records - last.records) * 1_000) / (at - last.at)));
    this.#last.set(key, { at, records, perSecond });
    return perSecond;
  }
}
