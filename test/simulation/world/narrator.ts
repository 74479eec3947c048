import { isPage } from '../../../lib/storage/items/offset-page.ts';
import { type SlotChange, slotChanges } from './page-changes.ts';
import type { Story } from '../engine/story.ts';
import type { Appended } from './kafka.ts';
import { parseRow } from './source-plugin.ts';
import type { Change } from './store.ts';
import { textOf } from './text-converter.ts';

/** Tells what writes to the table and to Kafka mean, at the moment they take effect. */
export class Narrator {
  readonly #story: Story;

  constructor(story: Story) {
    this.#story = story;
  }

  changed(change: Change): void {
    if (!this.#story.isTold) return;
    const { key, by, after } = change;
    if (by === undefined) return;
    const told = key.pk.startsWith('offsets#')
      ? offset(change)
      : key.sk.startsWith('task#')
        ? task(change)
        : key.sk.startsWith('run#')
          ? run(change)
          : key.pk === 'connectors'
            ? connector(change)
            : undefined;
    const gone = after === undefined ? `removes ${key.sk} of ${key.pk}` : undefined;
    if (told !== undefined || gone !== undefined) this.#story.tell(by.process.name, () => told ?? gone ?? '');
  }

  appended({ by, records }: Appended): void {
    const [first] = records;
    if (first === undefined) return;
    this.#story.tell(by.process.name, () => {
      const rows = records.map(({ value }) => parseRow(textOf(value))).filter((row) => row !== undefined);
      const names = rows.map(({ name, row }) => `${name}#${row}`);
      const offsets = records.length - rows.length;
      const both = offsets === 0 ? '' : `, and ${offsets} offsets in the same transaction`;
      return `brings ${rows.length} to ${first.topic}: ${summary(names)}${both}`;
    });
  }
}

const summary = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 2).join(' ')} … ${names.at(-1)}` : names.join(' ');

function offset(change: Change): string | undefined {
  const { key, before, after } = change;
  if (after === undefined) return undefined;
  if (isPage(key)) return page(change);
  const partition = String(after['partition']).replace(/[{}"]/g, '');
  const at = String(after['offset'] ?? 'the beginning').replace(/[{}"]/g, '');
  return before?.['offset'] === after['offset']
    ? `claims ${partition}, at ${at}`
    : `COMMITS ${partition}, now at ${at}`;
}

function page(change: Change): string {
  const slots = slotChanges(change);
  const at = ({ partition, after: { offset } }: SlotChange): string =>
    `${partition} at ${offset ?? 'the beginning'}`;
  const stored = slots.filter(({ before, after }) => before.offset !== after.offset).map(at);
  if (stored.length > 0) return `COMMITS ${summary(stored)}`;
  return `claims ${summary(slots.filter(({ after }) => after.epoch === change.by?.epoch).map(at))}`;
}

function task({ key, before, after }: Change): string | undefined {
  if (after === undefined) return undefined;
  if (before === undefined || before['generation'] !== after['generation'])
    return `writes ${key.sk} of generation ${String(after['generation'])}`;
  if (before['owner'] !== after['owner']) return `owns ${key.sk} now`;
  if (before['released'] === false && after['released'] === true) return `releases ${key.sk}`;
  return before['state'] === after['state'] ? undefined : `${key.sk} is ${String(after['state'])}`;
}

function run({ key, before, after }: Change): string | undefined {
  const epoch = Number(key.sk.slice('run#'.length));
  if (after === undefined) return undefined;
  if (before === undefined) return `grants run ${epoch} of task ${String(after['task'])}`;
  if (before['phase'] !== after['phase']) {
    const outcome = after['outcome'] as { reason?: string } | undefined;
    return `run ${epoch} is ${String(after['phase'])}${outcome === undefined ? '' : ` (${outcome.reason})`}`;
  }
  return before['control'] === after['control'] ? undefined : `asks run ${epoch} to yield`;
}

function connector({ key, before, after }: Change): string | undefined {
  const changed = (name: string): boolean => before?.[name] !== after?.[name];
  if (after === undefined) return undefined;
  if (changed('targetState')) return `${key.sk} shall be ${String(after['targetState'])}`;
  if (changed('generation')) return `${key.sk} has generation ${String(after['generation'])} now`;
  return changed('state') ? `${key.sk} is ${String(after['state'])}` : undefined;
}
