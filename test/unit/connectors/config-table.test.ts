import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigDef } from '../../../lib/api/config-def.ts';
import { between } from '../../../lib/api/config-def/validators.ts';
import { configTable, replaceConfigSection } from '../../../lib/plugins/config-table.ts';

describe('configTable', () => {
  it('shows each key with its type, default and limits, by group', () => {
    const table = configTable(
      new ConfigDef({
        a: { type: 'STRING', importance: 'HIGH', group: 'One', doc: 'Either x|y.' },
        b: {
          type: 'INT',
          default: 5,
          importance: 'LOW',
          group: 'Two',
          validator: between(1, 9),
          doc: 'A number.',
        },
        c: { type: 'LIST', default: [], importance: 'LOW', group: 'One', doc: 'Some.' },
        d: { type: 'LONG', default: null, importance: 'MEDIUM', group: 'Two', doc: 'Maybe.' },
      }),
    );
    expect(table).toBe(
      [
        '**One**',
        '',
        '| Key | Type | Default | Valid values | Importance | What it does |',
        '|---|---|---|---|---|---|',
        '| `a` | string | **required** |  | high | Either x\\|y. |',
        '| `c` | list | empty |  | low | Some. |',
        '',
        '**Two**',
        '',
        '| Key | Type | Default | Valid values | Importance | What it does |',
        '|---|---|---|---|---|---|',
        '| `b` | int | `5` | [1,...,9] | low | A number. |',
        '| `d` | long | none |  | medium | Maybe. |',
      ].join('\n'),
    );
  });

  it('goes between its marks and leaves the rest of the page alone', () => {
    const page = 'before\n<!-- config -->\nold\n<!-- /config -->\nafter\n';
    const fresh = 'before\n<!-- config -->\n\nnew\n\n<!-- /config -->\nafter\n';
    expect(replaceConfigSection(page, 'new')).toBe(fresh);
    expect(replaceConfigSection(fresh, 'new')).toBe(fresh);
    expect(() => replaceConfigSection('no marks', 'new')).toThrow(/has no <!-- config -->/);
  });
});

describe('the README of every connector', () => {
  it('says what the code says about its configuration', async () => {
    const script = join(import.meta.dirname, '../../../bin/generate-docs.ts');
    const run = promisify(execFile)(process.execPath, [script, '--check']);
    await expect(run).resolves.toMatchObject({ stdout: '' });
  });
});
