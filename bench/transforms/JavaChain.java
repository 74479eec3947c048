import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.ConnectMetrics;
import org.apache.kafka.connect.runtime.ConnectorConfig;
import org.apache.kafka.connect.runtime.TransformationChain;
import org.apache.kafka.connect.runtime.errors.ErrorHandlingMetrics;
import org.apache.kafka.connect.runtime.errors.ProcessingContext;
import org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator;
import org.apache.kafka.connect.runtime.errors.Stage;
import org.apache.kafka.connect.runtime.errors.ToleranceType;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.apache.kafka.connect.util.ConnectorTaskId;

/**
 * The chain of a Kafka Connect worker, with its own classes and in its order: what a sink task does with a record
 * it read, and what a source task does with a record before it is sent. Each line of stdin asks for a round of so
 * many records; the answer is a line of JSON as node-lane.ts writes it.
 *
 * Arguments: the file of records, one a line, and the connector config as JSON.
 */
public final class JavaChain {
    private static final int BATCH = 500;
    private static final String TOPIC = "orders";
    private static final Map<String, String> PARTITION = Map.of("topic", TOPIC);

    private final JsonConverter keyConverter;
    private final JsonConverter valueConverter;
    private final SimpleHeaderConverter headerConverter = new SimpleHeaderConverter();
    private final RetryWithToleranceOperator<ConsumerRecord<byte[], byte[]>> sinkErrors;
    private final RetryWithToleranceOperator<SourceRecord> sourceErrors;
    private final TransformationChain<SourceRecord, SourceRecord> chain;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

    @SuppressWarnings("unchecked")
    public static void main(String[] args) throws Exception {
        Map<String, String> config = new ObjectMapper().readValue(args[1], Map.class);
        JavaChain chain = new JavaChain(Path.of(args[0]), config);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(chain.round(Integer.parseInt(line.trim())));
        }
    }

    private JavaChain(Path file, Map<String, String> config) throws Exception {
        Plugins plugins = new Plugins(Map.of());
        StandaloneConfig worker = new StandaloneConfig(Map.of(
            "bootstrap.servers", "127.0.0.1:1",
            "key.converter", JsonConverter.class.getName(),
            "value.converter", JsonConverter.class.getName(),
            "offset.storage.file.filename", "unused"));
        ConnectMetrics metrics = new ConnectMetrics("bench", worker, Time.SYSTEM, "bench");
        ConnectorTaskId task = new ConnectorTaskId("bench", 0);
        Map<String, String> connector = new HashMap<>(config);
        connector.put("name", "bench");
        connector.put("connector.class", "org.apache.kafka.connect.tools.SchemaSourceConnector");
        keyConverter = converter(config, "key.converter.", true);
        valueConverter = converter(config, "value.converter.", false);
        headerConverter.configure(Map.of());
        sinkErrors = operator(metrics, task);
        sourceErrors = operator(metrics, task);
        chain = new TransformationChain<>(
            new ConnectorConfig(plugins, connector).<SourceRecord>transformationStages(plugins, task, metrics),
            sourceErrors);
        for (String line : Files.readAllLines(file)) {
            byte[] value = line.getBytes(StandardCharsets.UTF_8);
            records.add(new ConsumerRecord<>(TOPIC, 0, records.size(), 1_767_225_600_000L + records.size(),
                TimestampType.CREATE_TIME, -1, value.length, null, value, new RecordHeaders(), java.util.Optional.empty()));
        }
    }

    private static JsonConverter converter(Map<String, String> config, String prefix, boolean isKey) {
        Map<String, String> options = new HashMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(prefix)) options.put(key.substring(prefix.length()), value);
        });
        JsonConverter converter = new JsonConverter();
        converter.configure(options, isKey);
        return converter;
    }

    private static <T> RetryWithToleranceOperator<T> operator(ConnectMetrics metrics, ConnectorTaskId task) {
        RetryWithToleranceOperator<T> operator = new RetryWithToleranceOperator<>(
            0, 60_000, ToleranceType.NONE, Time.SYSTEM, new ErrorHandlingMetrics(task, metrics));
        operator.reporters(List.of());
        return operator;
    }

    private String round(int count) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        long bytes = 0;
        for (int done = 0; done < count; ) {
            int from = done % records.size();
            int size = Math.min(Math.min(BATCH, count - done), records.size() - from);
            List<SinkRecord> read = new ArrayList<>(size);
            for (ConsumerRecord<byte[], byte[]> record : records.subList(from, from + size)) read.add(read(record));
            for (SinkRecord record : read) bytes += write(sourceRecord(record)).value().length;
            done += size;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = (system.getProcessCpuTime() - cpu) / 1e9;
        return String.format(Locale.ROOT, "{\"seconds\":%.6f,\"cpuSeconds\":%.6f,\"bytes\":%d,\"peakMemoryMb\":%d}",
            seconds, cpuSeconds, bytes, peakMemoryMb());
    }

    /** As WorkerSinkTask converts what it polled. */
    private SinkRecord read(ConsumerRecord<byte[], byte[]> record) {
        ProcessingContext<ConsumerRecord<byte[], byte[]>> context = new ProcessingContext<>(record);
        SchemaAndValue key = sinkErrors.execute(context,
            () -> keyConverter.toConnectData(record.topic(), record.headers(), record.key()),
            Stage.KEY_CONVERTER, keyConverter.getClass());
        SchemaAndValue value = sinkErrors.execute(context,
            () -> valueConverter.toConnectData(record.topic(), record.headers(), record.value()),
            Stage.VALUE_CONVERTER, valueConverter.getClass());
        Headers headers = sinkErrors.execute(context, () -> {
            Headers result = new ConnectHeaders();
            for (Header header : record.headers())
                result.add(header.key(), headerConverter.toConnectHeader(record.topic(), header.key(), header.value()));
            return result;
        }, Stage.HEADER_CONVERTER, headerConverter.getClass());
        if (context.failed()) throw new IllegalStateException("a record could not be read");
        return new SinkRecord(record.topic(), record.partition(), key.schema(), key.value(), value.schema(),
            value.value(), record.offset(), record.timestamp(), record.timestampType(), headers);
    }

    /** What a task that copies one topic to another would emit. */
    private static SourceRecord sourceRecord(SinkRecord record) {
        return new SourceRecord(PARTITION, Map.of("offset", record.kafkaOffset()), "copy", null, record.keySchema(),
            record.key(), record.valueSchema(), record.value(), record.timestamp());
    }

    /** As AbstractWorkerSourceTask transforms and converts what it is about to send. */
    private ProducerRecord<byte[], byte[]> write(SourceRecord emitted) {
        ProcessingContext<SourceRecord> context = new ProcessingContext<>(emitted);
        SourceRecord record = chain.apply(context, emitted);
        RecordHeaders headers = sourceErrors.execute(context, () -> {
            RecordHeaders result = new RecordHeaders();
            for (org.apache.kafka.connect.header.Header header : record.headers())
                result.add(header.key(), headerConverter.fromConnectHeader(
                    record.topic(), header.key(), header.schema(), header.value()));
            return result;
        }, Stage.HEADER_CONVERTER, headerConverter.getClass());
        byte[] key = sourceErrors.execute(context,
            () -> keyConverter.fromConnectData(record.topic(), headers, record.keySchema(), record.key()),
            Stage.KEY_CONVERTER, keyConverter.getClass());
        byte[] value = sourceErrors.execute(context,
            () -> valueConverter.fromConnectData(record.topic(), headers, record.valueSchema(), record.value()),
            Stage.VALUE_CONVERTER, valueConverter.getClass());
        if (context.failed()) throw new IllegalStateException("a record could not be written");
        return new ProducerRecord<>(record.topic(), record.kafkaPartition(), record.timestamp(), key, value, headers);
    }

    /** Zero where the operating system does not tell. */
    private static long peakMemoryMb() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return 0;
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst().orElse(0);
        }
    }
}
