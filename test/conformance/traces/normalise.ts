import { isAction, type Segment } from './segments.ts';

/**
 * Brings a recorded trace and one of ours to what both must share. Left out is what only says how much time went by
 * (the recorder collapses most of it as well), and the two places where Sluice's tasks live differently, because
 * nothing of it runs while there is nothing to do:
 * - a connector object lives for one plan: its `stop` follows `taskConfigs` at once, and a plan may come twice;
 * - a pause ends the task's run, in order, and a resume begins one: in Kafka Connect the task object stays.
 */
export function normalise(
  segments: readonly Segment[],
  options: { ours: boolean; redelivers: boolean },
): string[] {
  const lines: string[] = [];
  const commits = new CommitFilter();
  let pausedRun = false;
  for (const segment of segments) {
    let task = segment.task.filter((call) => call !== 'task.put []' && call !== 'task.poll -> null');
    if (options.ours && isAction(segment, 'pause')) {
      const rest = withoutOrderlyEnd(task);
      pausedRun = rest !== undefined;
      task = rest ?? task;
    } else if (options.ours && isAction(segment, 'resume') && pausedRun) {
      task = task.filter((call) => !/^task\.(start|open) /.test(call));
      pausedRun = false;
    }
    const kept = commits.filter(task).map(withPlainBatch);
    lines.push(
      `>> ${segment.action}`,
      ...plansOf(segment.connector),
      ...(options.redelivers ? withoutRepeats(kept) : kept),
    );
  }
  return lines;
}

/** start and taskConfigs, once a segment. */
const plansOf = (calls: readonly string[]): string[] => [
  ...new Set(calls.filter((call) => call !== 'connector.stop')),
];

/** The last commit, close and stop taken off; undefined where the task did not end so. */
function withoutOrderlyEnd(task: readonly string[]): string[] | undefined {
  const rest = [...task];
  if (rest.pop() !== 'task.stop') return undefined;
  const isSink = rest.at(-1)?.startsWith('task.close ') === true;
  if (isSink) rest.pop();
  else if (rest.pop() !== 'task.commit') return undefined;
  while (isSink && /^task\.(flush|preCommit) /.test(rest.at(-1) ?? '')) rest.pop();
  return rest;
}

/** Commits come by the clock: kept are those that say something new, and the last before a close or stop. */
class CommitFilter {
  #last = '';

  filter(task: readonly string[]): string[] {
    return task.filter((call, i) => {
      if (call === 'task.commit') return task[i + 1] === 'task.stop';
      const offsets = /^task\.(?:flush|preCommit) (\{.*\})/.exec(call)?.[1];
      if (offsets === undefined) return true;
      const end = call.startsWith('task.flush ') ? i + 2 : i + 1;
      const isLast = task[end]?.startsWith('task.close ') === true;
      const isNew = offsets !== this.#last && !/^\{[^=]*=0\}$/.test(offsets);
      if (call.startsWith('task.preCommit ')) this.#last = offsets;
      return isLast || isNew;
    });
  }
}

/** However a batch is written down, it is its words that count. */
const withPlainBatch = (call: string): string =>
  call.startsWith('task.poll -> ') ? call.replaceAll(/[\s,|[\]]+/g, ' ').trim() : call;

/** Neighbours that are the same, once: how often a batch comes again after failing commits is a matter of time. */
const withoutRepeats = (calls: readonly string[]): string[] =>
  calls.filter((call, i) => call !== calls[i - 1]);
