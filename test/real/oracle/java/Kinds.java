import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.ConfigTransformerResult;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Values;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.field.FieldSyntaxVersion;
import org.apache.kafka.connect.transforms.field.SingleFieldPath;
import org.apache.kafka.connect.transforms.predicates.Predicate;

class Kinds {
    static final ObjectMapper json = Oracle.json;
    static final JsonNode DROPPED = json.createObjectNode();

    static JsonNode run(JsonNode each) throws Exception {
        JsonNode input = each.get("input");
        Map<String, String> config = Codec.strings(each.get("config"));
        switch (each.get("kind").asText()) {
            case "transform": return transform(each, input, config);
            case "predicate": return predicate(each, input, config);
            case "chain": return WorkerKinds.chain(input, config);
            case "fieldpath": {
                FieldSyntaxVersion version = FieldSyntaxVersion.valueOf(input.get("version").asText());
                return json.valueToTree(Internals.call(new SingleFieldPath(input.get("path").asText(), version), "path"));
            }
            case "converter": return ConverterKind.run(each, input, config);
            case "values": return values(each, input);
            case "schema": return SchemaKind.run(each.get("op").asText(), input);
            case "configdef": return ConfigDefKind.run(each.get("op").asText(), input, config);
            case "partition": {
                int hash = Utils.murmur2(Codec.bytes(input));
                ObjectNode node = json.createObjectNode().put("murmur2", hash);
                return input.has("partitions") ? node.put("partition", Utils.toPositive(hash) % input.get("partitions").asInt()) : node;
            }
            case "submitted": return WorkerKinds.submitted(input);
            case "retry": return RetryKind.run(input);
            case "offsets": return OffsetsKind.run(each.get("op").asText(), input);
            case "configprovider": return configProvider(input, config);
            case "topiccreation": return WorkerKinds.topicCreation(input, config);
            default: throw new IllegalStateException("Unknown kind " + each.get("kind"));
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static JsonNode transform(JsonNode each, JsonNode input, Map<String, String> config) throws Exception {
        Oracle.stage = "configure";
        Transformation transformation = (Transformation) instance(each);
        transformation.configure(config);
        Oracle.stage = "apply";
        ConnectRecord result = transformation.apply(Records.decode(input));
        return result == null ? DROPPED : Records.encode(result);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static JsonNode predicate(JsonNode each, JsonNode input, Map<String, String> config) throws Exception {
        Oracle.stage = "configure";
        Predicate predicate = (Predicate) instance(each);
        predicate.configure(config);
        Oracle.stage = "apply";
        return json.getNodeFactory().booleanNode(predicate.test(Records.decode(input)));
    }

    static Object instance(JsonNode each) throws Exception {
        return Class.forName(each.get("class").asText()).getDeclaredConstructor().newInstance();
    }

    private static JsonNode values(JsonNode each, JsonNode input) throws Exception {
        String op = each.get("op").asText();
        if (op.equals("parseString")) return Codec.schemaAndValue(Values.parseString(input.textValue()));
        Schema schema = Codec.schema(input.get("schema"));
        Object value = Codec.value(input.get("value"), schema);
        if (op.equals("inferSchema")) return Codec.encode(Values.inferSchema(value));
        if (op.equals("convertToDecimal")) return Codec.encode(Values.convertToDecimal(schema, value, input.path("scale").asInt()), null);
        Object result = Values.class.getMethod(op, Schema.class, Object.class).invoke(null, schema, value);
        return Codec.encode(result, op.equals("convertToStruct") ? schema : null);
    }

    private static JsonNode configProvider(JsonNode input, Map<String, String> config) throws Exception {
        for (Map.Entry<String, String> file : Codec.strings(input.get("files")).entrySet()) {
            Path path = Path.of(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().getBytes(StandardCharsets.ISO_8859_1));
        }
        Map<String, ConfigProvider> providers = new LinkedHashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> i = input.get("providers").fields(); i.hasNext(); ) {
            Map.Entry<String, JsonNode> each = i.next();
            String type = each.getValue().get("type").asText();
            ConfigProvider provider = type.equals("env") ? new EnvVarConfigProvider(Codec.strings(each.getValue().get("env")))
                    : type.equals("dir") ? new DirectoryConfigProvider() : new FileConfigProvider();
            provider.configure(Codec.strings(each.getValue().get("config")));
            providers.put(each.getKey(), provider);
        }
        ConfigTransformerResult result = new ConfigTransformer(providers).transform(config);
        ObjectNode node = json.createObjectNode();
        node.set("data", json.valueToTree(result.data()));
        return node.set("ttls", json.valueToTree(result.ttls()));
    }
}
