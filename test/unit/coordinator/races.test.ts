import { describe, expect, it } from 'vitest';
import { connectorStatus } from '../../../lib/coordinator/status.ts';
import { ClusterUnderTest } from './cluster-under-test.ts';

/** Histories that the simulation found (docs/simulation.md), each reduced to its core. */
describe('a coordinator that dies or stalls at the wrong moment', () => {
  it('deletes a connector although a run of it has died without a word', async () => {
    const cluster = new ClusterUnderTest();
    await cluster.create();
    await cluster.tick();
    for (const run of await cluster.runs()) await cluster.start(run);
    await cluster.state.connectors.setTargetState('c', 'DELETING', cluster.clock.now());
    for (let minute = 0; minute < 5; minute++) await cluster.tick();
    expect((await cluster.state.connectors.getWithStub('c'))?.targetState).toBe('DELETED');
    expect(await cluster.state.snapshot('c')).toEqual({ tasks: [], runs: [] });
  });
});
