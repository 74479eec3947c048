import type { ConfigDef, ConfigKey } from '../api/config-def.ts';
import { ConnectError } from '../api/errors.ts';

/** A definition as Markdown: one table for each group of keys, in the order of the definition. */
export function configTable(configDef: ConfigDef): string {
  const entries = Object.entries(configDef.keys);
  const groups = [...Map.groupBy(entries, ([, key]) => key.group)];
  return groups
    .map(([group, keys]) => [...(group === undefined ? [] : [`**${group}**`, '']), ...rows(keys)].join('\n'))
    .join('\n\n');
}

const start = '<!-- config -->';
const end = '<!-- /config -->';

/** A page with its part between the two config comments replaced. Throws a ConnectError for a page without them. */
export function replaceConfigSection(page: string, text: string): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new ConnectError(`The page has no ${start} followed by ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function rows(keys: readonly (readonly [string, ConfigKey])[]): string[] {
  return [
    '| Key | Type | Default | Valid values | Importance | What it does |',
    '|---|---|---|---|---|---|',
    ...keys.map(([name, key]) => {
      const cells = [
        code(name),
        key.type.toLowerCase(),
        defaultText(key),
        key.validator?.description ?? '',
        key.importance.toLowerCase(),
        key.doc,
      ];
      return `| ${cells.map(escaped).join(' | ')} |`;
    }),
  ];
}

function defaultText({ default: value }: ConfigKey): string {
  if (value === undefined) return '**required**';
  if (value === null) return 'none';
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return text === '' ? 'empty' : code(text);
}

const code = (text: string): string => `\`${text}\``;

const escaped = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
