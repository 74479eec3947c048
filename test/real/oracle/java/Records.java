import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/** Records, as tagged JSON and back. */
class Records {
    static ConnectRecord<?> decode(JsonNode node) {
        Schema keySchema = Codec.schema(node.get("keySchema"));
        Schema valueSchema = Codec.schema(node.get("valueSchema"));
        Object key = Codec.value(node.get("key"), keySchema);
        Object value = Codec.value(node.get("value"), valueSchema);
        ConnectHeaders headers = new ConnectHeaders();
        for (JsonNode header : node.path("headers")) {
            Schema schema = Codec.schema(header.get("schema"));
            headers.add(header.get("key").asText(), new SchemaAndValue(schema, Codec.value(header.get("value"), schema)));
        }
        String topic = node.path("topic").textValue();
        Integer partition = Codec.absent(node.get("partition")) ? null : node.get("partition").asInt();
        Long timestamp = Codec.absent(node.get("timestamp")) ? null : Long.valueOf(node.get("timestamp").asText());
        if (node.get("recordType").asText().equals("source"))
            return new SourceRecord(Map.of("p", "a"), Map.of("o", 1), topic, partition, keySchema, key, valueSchema, value, timestamp, headers);
        TimestampType type = Arrays.stream(TimestampType.values()).filter(t -> t.toString().equals(node.get("timestampType").asText())).findFirst().orElseThrow();
        return new SinkRecord(topic, partition, keySchema, key, valueSchema, value, Long.parseLong(node.get("offset").asText()), timestamp, type, headers);
    }

    static JsonNode encode(ConnectRecord<?> record) {
        ObjectNode node = Oracle.json.createObjectNode();
        SinkRecord sink = record instanceof SinkRecord s ? s : null;
        node.put("recordType", sink == null ? "source" : "sink").put("topic", record.topic()).put("partition", record.kafkaPartition());
        node.put("timestamp", record.timestamp() == null ? null : record.timestamp().toString());
        node.set("keySchema", Codec.encode(record.keySchema()));
        node.set("key", Codec.encode(record.key(), record.keySchema()));
        node.set("valueSchema", Codec.encode(record.valueSchema()));
        node.set("value", Codec.encode(record.value(), record.valueSchema()));
        ArrayNode headers = node.putArray("headers");
        for (Header header : record.headers()) {
            ObjectNode each = headers.addObject().put("key", header.key());
            each.set("schema", Codec.encode(header.schema()));
            each.set("value", Codec.encode(header.value(), header.schema()));
        }
        if (sink == null) return node;
        node.put("offset", Long.toString(sink.kafkaOffset())).put("timestampType", sink.timestampType().toString());
        if (!Objects.equals(sink.originalTopic(), sink.topic())) node.put("originalTopic", sink.originalTopic());
        return node;
    }
}
