import { parseArgs } from 'node:util';
import { History, type HistoryOptions } from './history.ts';
import { Report } from './report.ts';
import { allSwitches } from './switches/all-switches.ts';
import { time } from './engine/story.ts';

/** Things that happen in a history before the faults stop. */
export const usualSteps = 1_000;

const help = `Runs the coordinator, the workers and the stored items through histories full of faults.

  npm run simulate -- --seed 7               replays one history and tells it as a story
  npm run simulate -- --seeds 1000           runs many, from seed 1 on
  npm run simulate -- --seeds 1000 --from 5000

  --steps N    what happens before the faults stop (default ${usualSteps})
  --bad NAME   with a known fault in the code; \`--bad list\` lists them
  --table      shows the table at the end of the story

How to read a story, and what is checked: docs/simulation.md`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    steps: { type: 'string', default: String(usualSteps) },
    bad: { type: 'string' },
    table: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const steps = Number(values.steps);
  if (values.bad === 'list') {
    for (const { name, fault } of allSwitches) console.log(`${name.padEnd(28)} ${fault}`);
    return 0;
  }
  const bad = allSwitches.find(({ name }) => name === values.bad);
  if (values.bad !== undefined && bad === undefined) {
    console.error(`There is no known fault ${values.bad}: see --bad list`);
    return 2;
  }
  const options = bad === undefined ? { steps } : { steps, bad };
  if (values.help || (values.seed === undefined && values.seeds === undefined)) {
    console.log(help);
    return values.help ? 0 : 2;
  }
  if (values.seed !== undefined) return replay({ ...options, seed: Number(values.seed) });
  return runMany(options, Number(values.from), Number(values.seeds));
}

async function replay(options: HistoryOptions): Promise<number> {
  const result = await new History({
    ...options,
    showTable: values.table,
    tell: (line) => console.log(line),
  }).run();
  console.log(`\nseed ${result.seed}: ${result.steps} steps, ${time(result.lasted)} of virtual time`);
  for (const [kind, count] of Object.entries(result.counts)) console.log(`  ${kind}: ${count}`);
  if (result.violation === undefined) {
    console.log('Every promise was kept.');
    return 0;
  }
  console.log(`BROKEN: ${result.violation.promise}: ${result.violation.what}`);
  return 1;
}

async function runMany(options: Omit<HistoryOptions, 'seed'>, from: number, count: number): Promise<number> {
  const report = new Report();
  for (let seed = from; seed < from + count; seed++) {
    const result = await new History({ ...options, seed }).run();
    report.add(result);
    if (result.violation !== undefined) {
      const { promise, what } = result.violation;
      console.log(`seed ${seed} BROKEN: ${promise}: ${what}`);
      const bad = options.bad === undefined ? '' : ` --bad ${options.bad.name}`;
      console.log(`replay it: npm run simulate -- --seed ${seed} --steps ${options.steps}${bad}`);
      return 1;
    }
    if (report.histories % 500 === 0 && report.histories < count)
      console.log(`${report.histories} of ${count} histories, ${report.steps} steps, no promise broken`);
  }
  console.log(report.text);
  console.log('Every promise was kept.');
  return 0;
}
