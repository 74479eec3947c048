/**
 * Everything that can go wrong, by the rows of the table of required behaviour (docs/simulation.md). `chance` is how
 * likely one opportunity (a call, a tick, an invocation, an operation of the user) is to be struck in ordinary weather.
 */
export const faultKinds = {
  'tick fires twice': { row: 1, chance: 0.15 },
  'tick is late': { row: 1, chance: 0.2 },
  'ticks are missed': { row: 1, chance: 0.06 },
  'coordinator dies': { row: 2, chance: 0.25 },
  'coordinator stalls': { row: 3, chance: 0.12 },
  'invocation throttled': { row: 4, chance: 0.08 },
  'invocation dropped': { row: 4, chance: 0.08 },
  'invocation duplicated': { row: 4, chance: 0.15 },
  'invocation late': { row: 4, chance: 0.08 },
  'plan fails': { row: 4, chance: 0.05 },
  'run frozen': { row: 5, chance: 0.14 },
  'run killed': { row: 6, chance: 0.18 },
  'out of memory': { row: 6, chance: 0.02 },
  'table throttled': { row: 7, chance: 0.02 },
  'table down': { row: 7, chance: 0.003 },
  'table slow': { row: 7, chance: 0.03 },
  'table answer lost': { row: 7, chance: 0.012 },
  'table write sent twice': { row: 7, chance: 0.02 },
  'Kafka down': { row: 8, chance: 0.005 },
  'Kafka hangs': { row: 8, chance: 0.01 },
  'leader moves': { row: 8, chance: 0.02 },
  'produce answer lost': { row: 8, chance: 0.04 },
  'end of transaction lost': { row: 8, chance: 0.08 },
  'foreign transaction': { row: 8, chance: 0.15 },
  'config changed': { row: 9, chance: 1 },
  paused: { row: 9, chance: 1 },
  resumed: { row: 9, chance: 1 },
  stopped: { row: 9, chance: 1 },
  restarted: { row: 9, chance: 1 },
  deleted: { row: 9, chance: 1 },
  'created again': { row: 9, chance: 1 },
  'partition added': { row: 10, chance: 1 },
  'partition dropped': { row: 10, chance: 1 },
  'partition renamed': { row: 10, chance: 1 },
  'poison record': { row: 11, chance: 0.06 },
  'record refused by the target': { row: 11, chance: 0.05 },
  'dead-letter topic down': { row: 11, chance: 0.3 },
  'system down': { row: 12, chance: 0.01 },
  'sink takes a part': { row: 13, chance: 0.2 },
  'new code': { row: 14, chance: 1 },
  'rolled back': { row: 14, chance: 1 },
  'newer stored format': { row: 14, chance: 1 },
  'clock off by hours': { row: 15, chance: 0.02 },
  'clock jumps': { row: 15, chance: 0.02 },
  'budget used up': { row: 16, chance: 1 },
  'environment used again': { row: 17, chance: 0.7 },
} as const satisfies Record<string, { row: number; chance: number }>;

export type FaultKind = keyof typeof faultKinds;
export const allFaultKinds = Object.keys(faultKinds) as FaultKind[];

export type FaultCounts = Partial<Record<FaultKind, number>>;
