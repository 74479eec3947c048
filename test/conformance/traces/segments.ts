/** What happened between two actions from outside, the calls on connector and task objects apart: they run on threads of their own. */
export interface Segment {
  /** `POST /connectors`, `pause`, `produce ["d"]` … */
  readonly action: string;
  readonly ms: number;
  readonly connector: readonly string[];
  readonly task: readonly string[];
}

export interface TracedCall {
  readonly ms: number;
  readonly call: string;
}

const actionMark = '>> ';

/** Calls before the first action do not occur. */
export function segmentsOf(calls: readonly TracedCall[]): Segment[] {
  const segments: { action: string; ms: number; connector: string[]; task: string[] }[] = [];
  for (const { ms, call } of calls) {
    if (call.startsWith(actionMark)) {
      segments.push({ action: call.slice(actionMark.length), ms, connector: [], task: [] });
    } else {
      segments.at(-1)?.[call.startsWith('connector.') ? 'connector' : 'task'].push(call);
    }
  }
  return segments;
}

export const isAction = (segment: Segment, name: string): boolean =>
  segment.action === name || segment.action.startsWith(`${name} `);
