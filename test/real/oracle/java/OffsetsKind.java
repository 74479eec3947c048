import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;
import org.apache.kafka.connect.storage.OffsetStorageWriter;
import org.apache.kafka.connect.storage.OffsetUtils;
import org.apache.kafka.connect.util.Callback;
import org.apache.kafka.connect.util.SinkUtils;

class OffsetsKind {
    private static final ObjectMapper json = Oracle.json;
    private static final JsonConverter converter = new JsonConverter();

    static {
        converter.configure(Map.of("schemas.enable", "false"), true);
    }

    static JsonNode run(String op, JsonNode input) throws Exception {
        switch (op) {
            case "validateFormat":
                OffsetUtils.validateFormat(Codec.value(input, null));
                return json.getNodeFactory().textNode("ok");
            case "parseSinkOffsets": return sinkOffsets(input);
            case "partitionKey": return partitions(input);
            default: return serialise(input);
        }
    }

    @SuppressWarnings("unchecked")
    private static JsonNode sinkOffsets(JsonNode input) {
        Map<Map<String, ?>, Map<String, ?>> offsets = new LinkedHashMap<>();
        for (JsonNode each : input)
            offsets.put(json.convertValue(each.get("partition"), Map.class), json.convertValue(each.get("offset"), Map.class));
        ObjectNode node = json.createObjectNode();
        SinkUtils.parseSinkConnectorOffsets(offsets)
            .forEach((partition, offset) -> node.put(partition.toString(), offset == null ? null : offset.toString()));
        return node;
    }

    private static JsonNode partitions(JsonNode input) {
        Map<String, Set<Map<String, Object>>> connectors = new LinkedHashMap<>();
        for (JsonNode existing : input.path("existing"))
            OffsetUtils.processPartitionKey(Codec.bytes(existing), new byte[] {'{', '}'}, converter, connectors);
        OffsetUtils.processPartitionKey(Codec.bytes(input.get("key")), Codec.bytes(input.get("value")), converter, connectors);
        ObjectNode node = json.createObjectNode();
        connectors.forEach((name, partitions) -> {
            ArrayNode list = node.putArray(name);
            partitions.forEach(partition -> list.add(Codec.encode(partition, null)));
        });
        return node;
    }

    @SuppressWarnings("unchecked")
    private static JsonNode serialise(JsonNode input) throws Exception {
        Map<ByteBuffer, ByteBuffer> stored = new LinkedHashMap<>();
        OffsetStorageWriter writer =
            new OffsetStorageWriter(new CapturingStore(stored), input.get("connector").asText(), converter, converter);
        writer.offset((Map<String, ?>) Codec.value(input.get("partition"), null), (Map<String, ?>) Codec.value(input.get("offset"), null));
        writer.beginFlush();
        Throwable[] failure = {null};
        writer.doFlush((error, nothing) -> failure[0] = error);
        if (failure[0] instanceof Exception error) throw error;
        Map.Entry<ByteBuffer, ByteBuffer> record = stored.entrySet().iterator().next();
        byte[] value = record.getValue() == null ? null : Utils.toArray(record.getValue());
        ObjectNode node = json.createObjectNode();
        node.set("key", Codec.encode(Utils.toArray(record.getKey())));
        node.set("value", Codec.encode(value));
        return node.set("readBack", Codec.encode(converter.toConnectData("", value).value(), null));
    }

    private static class CapturingStore extends MemoryOffsetBackingStore {
        private final Map<ByteBuffer, ByteBuffer> stored;

        CapturingStore(Map<ByteBuffer, ByteBuffer> stored) {
            this.stored = stored;
        }

        @Override
        public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, Callback<Void> callback) {
            stored.putAll(values);
            callback.onCompletion(null, null);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Set<Map<String, Object>> connectorPartitions(String name) {
            return Set.of();
        }
    }
}
