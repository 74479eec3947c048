import type { Table } from '../table.ts';
import { checkFormat, storedFormat } from './format.ts';
import { connectorPk } from './tasks.ts';

const prefix = 'topic#';

/** The TOPIC items: which topics a connector has read or written since its creation or the last reset. */
export class Topics {
  readonly #table: Table;
  constructor(table: Table) {
    this.#table = table;
  }

  async add(connector: string, topic: string, task: number, now: number): Promise<void> {
    await this.#table.update(
      { pk: connectorPk(connector), sk: `${prefix}${topic}` },
      { set: { task, since: now, format: storedFormat } },
      { if: { absent: 'since' } },
    );
  }

  async list(connector: string): Promise<string[]> {
    const items = await this.#table.query(connectorPk(connector), prefix);
    return items.map((item) => {
      checkFormat(item);
      return item.sk.slice(prefix.length);
    });
  }

  /** Removes those noted up to `until`, milliseconds. */
  async removeUntil(connector: string, until: number): Promise<void> {
    for (const topic of await this.list(connector)) {
      const key = { pk: connectorPk(connector), sk: `${prefix}${topic}` };
      await this.#table.delete(key, { if: { atMost: ['since', until] } });
    }
  }

  async reset(connector: string): Promise<void> {
    for (const topic of await this.list(connector)) {
      await this.#table.delete({ pk: connectorPk(connector), sk: `${prefix}${topic}` });
    }
  }
}
