/** What the test connectors of the recordings say of themselves. */
export const labVersion = '1.2.3';
