/** Connectors whose system is the disk of the machine they run on. */
const onDisk = new Set([
  'org.apache.kafka.connect.file.FileStreamSourceConnector',
  'org.apache.kafka.connect.file.FileStreamSinkConnector',
  'io.sluice.connect.directory.DirectorySinkConnector',
]);

/** Without a mounted disk such a connector would lose what it wrote, silently. */
export const needsFilesystem = (className: string): boolean => onDisk.has(className);
