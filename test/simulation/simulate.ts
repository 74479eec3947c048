import { History } from './history.ts';
const [, , seed = '1', steps = '400'] = process.argv;
const result = await new History({ seed: Number(seed), steps: Number(steps), tell: (l) => console.log(l) }).run();
console.log(result);
