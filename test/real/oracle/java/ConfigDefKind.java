import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.connect.transforms.util.NonEmptyListValidator;
import org.apache.kafka.connect.transforms.util.RegexValidator;

class ConfigDefKind {
    private static final ObjectMapper json = Oracle.json;

    static JsonNode run(String op, JsonNode input, Map<String, String> config) {
        if (op.equals("parseType")) {
            ConfigDef.Type type = ConfigDef.Type.valueOf(input.get("type").asText());
            return encode(ConfigDef.parseType("k", input.get("value").textValue(), type));
        }
        Oracle.stage = "define";
        ConfigDef definition = definition(input.get("keys"));
        Oracle.stage = "apply";
        ObjectNode node = json.createObjectNode();
        if (op.equals("parse")) {
            definition.parse(config).forEach((name, value) -> node.set(name, encode(value)));
            return node;
        }
        definition.validate(config).forEach(value -> {
            ObjectNode each = node.putObject(value.name());
            each.set("value", encode(value.value()));
            each.set("errors", json.valueToTree(value.errorMessages()));
            each.put("visible", value.visible());
        });
        return node;
    }

    private static ConfigDef definition(JsonNode keys) {
        ConfigDef definition = new ConfigDef();
        for (JsonNode key : keys) {
            Object missing = key.has("default") ? key.get("default").textValue() : ConfigDef.NO_DEFAULT_VALUE;
            definition.define(key.get("name").asText(), ConfigDef.Type.valueOf(key.get("type").asText()), missing,
                validator(key.get("validator")), ConfigDef.Importance.HIGH, "");
        }
        return definition;
    }

    private static ConfigDef.Validator validator(JsonNode node) {
        if (Codec.absent(node)) return null;
        String[] words = node.path(1).isArray() ? json.convertValue(node.get(1), String[].class) : new String[0];
        switch (node.get(0).asText()) {
            case "between": return ConfigDef.Range.between(node.get(1).numberValue(), node.get(2).numberValue());
            case "atLeast": return ConfigDef.Range.atLeast(node.get(1).numberValue());
            case "in": return ConfigDef.ValidString.in(words);
            case "inCI": return ConfigDef.CaseInsensitiveValidString.in(words);
            case "nonNull": return new ConfigDef.NonNullValidator();
            case "nonEmpty": return new ConfigDef.NonEmptyString();
            case "noCtl": return ConfigDef.NonEmptyStringWithoutControlChars.nonEmptyStringWithoutControlChars();
            case "nonEmptyList": return new NonEmptyListValidator();
            case "regex": return new RegexValidator();
            case "listIn": return ConfigDef.ValidList.in(words);
            default: throw new IllegalStateException(node.toString());
        }
    }

    private static JsonNode encode(Object value) {
        ObjectNode node = json.createObjectNode();
        if (value instanceof Password p) return node.put("password", p.value()).put("toString", p.toString());
        if (value instanceof Class<?> c) return node.put("class", c.getName());
        if (value instanceof List<?> l) return node.set("list", json.valueToTree(l));
        return Codec.encode(value, null);
    }
}
