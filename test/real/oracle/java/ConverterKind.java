import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;

class ConverterKind {
    private static final ObjectMapper json = Oracle.json;

    static JsonNode run(JsonNode each, JsonNode input, Map<String, String> config) throws Exception {
        String op = each.get("op").asText();
        String topic = each.path("topic").asText("t");
        boolean isHeader = op.contains("eader");
        boolean takesBytes = op.startsWith("to");
        Oracle.stage = "configure";
        Object plugin = Kinds.instance(each);
        if (isHeader) {
            Map<String, String> all = new LinkedHashMap<>(config);
            all.putIfAbsent("converter.type", "header");
            ((HeaderConverter) plugin).configure(all);
        } else {
            ((Converter) plugin).configure(config, each.path("isKey").asBoolean());
        }
        Oracle.stage = "apply";
        if (takesBytes) return back(plugin, isHeader, topic, Codec.bytes(input));
        Schema schema = Codec.schema(input.get("schema"));
        Object value = Codec.value(input.get("value"), schema);
        byte[] bytes = isHeader ? ((HeaderConverter) plugin).fromConnectHeader(topic, "h", schema, value) : ((Converter) plugin).fromConnectData(topic, schema, value);
        if (op.startsWith("from")) return Codec.encode(bytes);
        Oracle.stage = "applyBack";
        ObjectNode both = json.createObjectNode();
        both.set("bytes", Codec.encode(bytes));
        return both.set("back", back(plugin, isHeader, topic, bytes));
    }

    private static JsonNode back(Object plugin, boolean isHeader, String topic, byte[] bytes) {
        return Codec.schemaAndValue(isHeader ? ((HeaderConverter) plugin).toConnectHeader(topic, "h", bytes) : ((Converter) plugin).toConnectData(topic, bytes));
    }
}
